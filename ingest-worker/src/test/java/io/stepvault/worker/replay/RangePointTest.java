package io.stepvault.worker.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangePointTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

    private static RangePoint parsed(String text) {
        return RangePoint.parse(text, CLOCK);
    }

    @Test
    void readsWhatPeopleWrite() {
        assertThat(parsed("earliest")).isEqualTo(new RangePoint.Earliest());
        assertThat(parsed(" Latest ")).isEqualTo(new RangePoint.Latest());
        assertThat(parsed("0")).isEqualTo(new RangePoint.AtOffset(0));
        assertThat(parsed("12345")).isEqualTo(new RangePoint.AtOffset(12_345));
        assertThat(parsed("2026-11-20")).isEqualTo(new RangePoint.AtTime(Instant.parse("2026-11-20T00:00:00Z")));
        assertThat(parsed("2026-11-20T08:30:00Z"))
                .isEqualTo(new RangePoint.AtTime(Instant.parse("2026-11-20T08:30:00Z")));
        assertThat(parsed("2026-11-20T08:30:00.5+01:00"))
                .isEqualTo(new RangePoint.AtTime(Instant.parse("2026-11-20T07:30:00.5Z")));
        assertThat(parsed("36h")).isEqualTo(new RangePoint.AtTime(Instant.parse("2026-11-21T00:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "-1",
                "2026-13-01",
                "2026-11-20T08:30",
                "9999999999999999999",
                "99999999999999999d",
                "5 apples"
            })
    void refusesWhatIsNoPoint(String text) {
        assertThatThrownBy(() -> parsed(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write earliest, latest, 12345");
    }

    @Test
    void readsPartitions() {
        assertThat(TopicRange.parsePartitions("0,3, 7-9")).containsExactly(0, 3, 7, 8, 9);
        for (String text : new String[] {"", "a", "3-1", "1,,2", "-1", "99999999"}) {
            assertThatThrownBy(() -> TopicRange.parsePartitions(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void globsMatchWholeIds() {
        assertThat(new SessionGlob("shop-*")).accepts("shop-1", "shop-").rejects("a-shop-1", "shop");
        assertThat(new SessionGlob("a?c")).accepts("abc", "a\uD83D\uDE00c").rejects("ac", "abcd");
        assertThat(new SessionGlob("[a.c]")).accepts("[a.c]").rejects("a", "[abc]");
        assertThat(new SessionGlob("**")).accepts("", "line\nbreak");
        assertThat(new SessionGlob("shop-*-?").prefix()).isEqualTo("shop-");
        assertThat(new SessionGlob("exact").prefix()).isEqualTo("exact");
        assertThat(new SessionGlob("*").prefix()).isEmpty();
    }

    @Property
    void boundsComeBackFromWhatWasCommitted(
            @ForAll @LongRange(min = 0, max = 1L << 50) long from,
            @ForAll @LongRange(min = 0, max = 1L << 50) long to,
            @ForAll String metadata) {
        Bounds bounds = new Bounds(from, to);
        OffsetAndMetadata position = new OffsetAndMetadata(7, metadata);

        assertThat(Bounds.read(bounds.mark(position))).contains(new Bounds.Marked(bounds, position));
    }
}
