package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.CommitRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LifecyclePolicyTest {
    private static final LifecyclePolicy POLICY = new LifecyclePolicy(
            OptionalInt.of(90),
            OptionalInt.of(3),
            List.of(
                    LabelHold.parse("keep é"),
                    LabelHold.parse("case=4\"2"),
                    LabelHold.parse("case=17"),
                    LabelHold.parse("case=17")));

    @Test
    void isWrittenAsEver() throws IOException {
        byte[] golden;
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("/golden/policy.json"))) {
            golden = file.readAllBytes();
        }

        assertThat(POLICY.toJson())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(new String(golden, StandardCharsets.UTF_8));
        assertThat(LifecyclePolicy.parse(golden)).isEqualTo(POLICY);
        assertThat(LifecyclePolicy.KEEP_ALL.toJson())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"format\":1}");
        assertThat(LifecyclePolicy.parse(LifecyclePolicy.KEEP_ALL.toJson())).isEqualTo(LifecyclePolicy.KEEP_ALL);
    }

    @Test
    void isReadWhereverThereIsWhiteSpace() {
        assertThat(parse(" { \"keep_revisions\" : 1 ,\n \"format\" : 1 }\n").keepRevisions())
                .hasValue(1);
    }

    @Test
    void saysThatItIsOfALaterVersion() {
        assertThatThrownBy(() -> parse("{\"format\":2,\"tiers\":[{\"a\":1}],\"holds\":7}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("format 1 only");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"format\":0}",
                "{\"format\":\"1\"}",
                "{\"format\":1.0}",
                "{\"format\":1,\"format\":1}",
                "{\"format\":1,\"expire\":90}",
                "{\"format\":1,\"expire_after_days\":1}",
                "{\"format\":1,\"expire_after_days\":36501}",
                "{\"format\":1,\"expire_after_days\":99999999999}",
                "{\"format\":1,\"expire_after_days\":\"90\"}",
                "{\"format\":1,\"expire_after_days\":null}",
                "{\"format\":1,\"keep_revisions\":0}",
                "{\"format\":1,\"holds\":{}}",
                "{\"format\":1,\"holds\":[\"legal\"]}",
                "{\"format\":1,\"holds\":[{}]}",
                "{\"format\":1,\"holds\":[{\"label\":\"\"}]}",
                "{\"format\":1,\"holds\":[{\"label\":\"a\",\"until\":\"b\"}]}",
                "{\"format\":1,\"holds\":[{\"label\":\"a\",\"value\":null}]}",
                "{\"format\":1}{}",
                "{\"format\":1",
                "{\"format\":1,\"holds\":[",
            })
    void refusesWhatItDoesNotUnderstandToItsEnd(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] json = "{\"format\":1,\"holds\":[{\"label\":\"?\"}]}".getBytes(StandardCharsets.UTF_8);
        json[30] = (byte) 0xFF;

        assertThatThrownBy(() -> LifecyclePolicy.parse(json)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void holdsByNameOrByValue() {
        assertThat(LabelHold.parse("a")).isEqualTo(new LabelHold("a", Optional.empty()));
        assertThat(LabelHold.parse("a=")).isEqualTo(new LabelHold("a", Optional.of("")));
        assertThat(LabelHold.parse("a=b=c")).isEqualTo(new LabelHold("a", Optional.of("b=c")));
        assertThatThrownBy(() -> LabelHold.parse("=b")).isInstanceOf(IllegalArgumentException.class);
        assertThat(POLICY.holdOf(Map.of("case", "18", "kept", "x"))).isEmpty();
        assertThat(POLICY.holdOf(Map.of("case", "17"))).hasValue(LabelHold.parse("case=17"));
        assertThat(POLICY.holdOf(Map.of("keep é", ""))).hasValue(LabelHold.parse("keep é"));
    }

    @Test
    void tellsWhatItWouldKeep() {
        LocalDate today = ObjectsLayout.dayOf(record(0, false).revision());

        assertThat(POLICY.firstKeptDay(NOON)).hasValue(today.minusDays(90));
        assertThat(POLICY.wouldKeep(record(90, false), NOON)).isTrue();
        assertThat(POLICY.wouldKeep(record(91, false), NOON)).isFalse();
        assertThat(POLICY.wouldKeep(record(91, true), NOON)).isTrue();
        assertThat(LifecyclePolicy.KEEP_ALL.wouldKeep(record(10_000, false), NOON))
                .isTrue();
    }

    private static CommitRecord record(int daysOld, boolean held) {
        Captures step = aStep().at(NOON.minus(Duration.ofDays(daysOld)));
        return CommitRecord.of((held ? step.label("case", "17") : step).build());
    }

    private static LifecyclePolicy parse(String json) {
        return LifecyclePolicy.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
