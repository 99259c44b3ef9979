package io.stepvault.devkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.devkit.chaos.ChaosSettings.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An outage from second 10 to second 40, looked at every second until second 60, with 10 records a second. */
class OutageFindingsTest {
    private static final int FROM = 10;
    private static final int UNTIL = 40;
    private static final int CAUGHT_UP = 50;

    private final List<Sample> samples = new ArrayList<>();

    OutageFindingsTest() {
        for (int second = 0; second <= 60; second++) {
            boolean behind = second > FROM && second < CAUGHT_UP;
            samples.add(
                    sample(second, 10L * second, 3, new Sample.Workers(3, 0, behind ? 1_000 : 0, 0, 100_000_000, 5)));
        }
    }

    private static Sample sample(int second, long consumed, int members, Sample.Workers workers) {
        long lag = workers.spoolBytes() > 0 ? 10L * (second - FROM) : 10;
        long completed = second <= FROM ? 10L * second : second < UNTIL ? 10L * FROM : 10L * second;
        return new Sample(
                Duration.ofSeconds(second), Optional.of(lag), Optional.of(members), consumed, completed, workers);
    }

    private OutageFindings findings(Plan plan) {
        return new OutageFindings(samples, Duration.ofSeconds(FROM), Duration.ofSeconds(UNTIL), 3, plan);
    }

    private void pauseAt(int second) {
        for (int later = second; later < UNTIL; later++) {
            samples.set(later, sample(later, 10L * second, 3, new Sample.Workers(3, 12, 8_000_000, 0, 100_000_000, 5)));
        }
    }

    @Test
    void tellsWhatWasSeen() {
        OutageFindings findings = findings(Plan.OUTAGE);

        assertThat(findings.wrongs()).isEmpty();
        assertThat(findings.consumed()).isEqualTo(300);
        assertThat(findings.longestRest()).isEqualTo(Duration.ofSeconds(0));
        assertThat(findings.fewestMembers()).isEqualTo(3);
        assertThat(findings.rebalances()).isZero();
        assertThat(findings.lagBefore()).isEqualTo(10);
        assertThat(findings.lagAtReturn()).isEqualTo(300);
        assertThat(findings.caughtUp()).contains(Duration.ofSeconds(CAUGHT_UP));
        assertThat(findings.figures())
                .contains(Figure.time("caught_up", "Caught up after, under the same load", Duration.ofSeconds(10)));
    }

    @Test
    void seesThatNothingIsReadThoughNothingIsPaused() {
        for (int second = 20; second < 35; second++) {
            samples.set(second, sample(second, 200, 3, new Sample.Workers(3, 0, 1_000, 0, 100_000_000, 5)));
        }

        assertThat(findings(Plan.OUTAGE).longestRest()).isEqualTo(Duration.ofSeconds(14));
        assertThat(findings(Plan.OUTAGE).wrongs()).singleElement().asString().contains("nothing was read");
    }

    @Test
    void allowsThatNothingIsReadOnceThePartitionsArePaused() {
        pauseAt(20);

        assertThat(findings(Plan.SMALL_SPOOL).wrongs()).isEmpty();
        assertThat(findings(Plan.SMALL_SPOOL).firstPaused()).contains(Duration.ofSeconds(20));
        assertThat(findings(Plan.OUTAGE).wrongs()).singleElement().asString().contains("had room");
    }

    @Test
    void seesThatASmallQueueWasNeverFull() {
        assertThat(findings(Plan.SMALL_SPOOL).wrongs())
                .singleElement()
                .asString()
                .contains("no partition was paused");
    }

    @Test
    void seesAMemberThatLeft() {
        samples.set(25, sample(25, 250, 2, new Sample.Workers(3, 0, 1_000, 0, 100_000_000, 5)));

        assertThat(findings(Plan.OUTAGE).wrongs()).singleElement().asString().contains("2 of 3 members");
    }

    @Test
    void seesARebalance() {
        for (int second = 25; second <= 60; second++) {
            samples.set(
                    second,
                    sample(
                            second,
                            10L * second,
                            3,
                            new Sample.Workers(3, 0, second < CAUGHT_UP ? 1_000 : 0, 0, 100_000_000, 8)));
        }

        assertThat(findings(Plan.OUTAGE).wrongs()).singleElement().asString().contains("3 rebalances");
        assertThat(findings(Plan.OUTAGE_REBALANCE).wrongs()).isEmpty();
    }

    @Test
    void seesThatTheWorkersDidNotCatchUp() {
        samples.subList(CAUGHT_UP, samples.size()).clear();

        assertThat(findings(Plan.OUTAGE).wrongs()).singleElement().asString().contains("did not catch up");
    }
}
