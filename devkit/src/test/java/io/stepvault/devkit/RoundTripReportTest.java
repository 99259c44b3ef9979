package io.stepvault.devkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.devkit.RoundTripReport.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundTripReportTest {
    @Test
    void isGoodWhenEveryCountIsFull() {
        // given
        RoundTripReport report =
                new RoundTripReport(List.of(new Session("a", 3, 3, 3, 3, new Session.Artifacts(6, 6))), List.of());

        // then
        assertThat(report.isAsItShouldBe()).isTrue();
        assertThat(report.steps()).isEqualTo(3);
        assertThat(report.artifacts()).isEqualTo(6);
        assertThat(report.table().lines())
                .containsExactly(
                        "SESSION  PUBLISHED  STORED  COMPLETED     VERIFIED",
                        "a                3       3          3  6 artifacts");
    }

    @Test
    void isNotGoodWhenACountIsShort() {
        // given
        RoundTripReport report =
                new RoundTripReport(List.of(new Session("a", 3, 3, 3, 2, new Session.Artifacts(6, 6))), List.of());

        // then
        assertThat(report.isAsItShouldBe()).isFalse();
        assertThat(report.table().lines()).anySatisfy(line -> assertThat(line).contains("2 of 3"));
    }

    @Test
    void isNotGoodWhenAnythingDiffers() {
        // given
        RoundTripReport report = new RoundTripReport(
                List.of(new Session("a", 3, 3, 3, 3, new Session.Artifacts(6, 6))), List.of("something"));

        // then
        assertThat(report.isAsItShouldBe()).isFalse();
    }
}
