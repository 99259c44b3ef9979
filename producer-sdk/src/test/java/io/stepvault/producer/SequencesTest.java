package io.stepvault.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SequencesTest {
    private static final Optional<Long> NONE = Optional.empty();

    @Property(tries = 200)
    void countsEverySessionFromZeroWithoutGaps(@ForAll @Size(max = 60) List<@IntRange(max = 5) Integer> published) {
        Sequences sequences = new Sequences(100);
        for (int session = 0; session <= 5; session++) {
            int wanted = session;
            long captures = published.stream().filter(s -> s == wanted).count();
            List<Long> numbers = published.stream()
                    .filter(s -> s == wanted)
                    .map(s -> sequences.number("s" + s, NONE))
                    .toList();
            assertThat(numbers)
                    .containsExactlyElementsOf(
                            LongStream.range(0, captures).boxed().toList());
        }
    }

    @Property(tries = 200)
    void keepsNoMoreSessionsThanAllowed(
            @ForAll @Size(max = 200) List<@IntRange(max = 30) Integer> published,
            @ForAll @IntRange(min = 1, max = 10) int most) {
        Sequences sequences = new Sequences(most);

        published.forEach(session -> sequences.number("s" + session, NONE));

        assertThat(sequences.sessions()).isLessThanOrEqualTo(most);
    }

    @Test
    void forgetsTheSessionThatWasQuietLongest() {
        Sequences sequences = new Sequences(2);
        sequences.number("a", NONE);
        sequences.number("b", NONE);
        sequences.number("a", NONE);

        sequences.number("c", NONE);

        assertThat(sequences.number("a", NONE)).isEqualTo(2);
        assertThat(sequences.number("b", NONE)).isZero();
    }

    @Test
    void goesOnFromANumberThatTheCrawlerGave() {
        Sequences sequences = new Sequences(2);

        assertThat(sequences.number("a", Optional.of(17L))).isEqualTo(17);
        assertThat(sequences.number("a", NONE)).isEqualTo(18);
    }

    @Test
    void neverGoesBack() {
        Sequences sequences = new Sequences(2);
        sequences.number("a", Optional.of(17L));

        assertThat(sequences.number("a", Optional.of(3L))).isEqualTo(3);
        assertThat(sequences.number("a", Optional.of(-1L))).isEqualTo(-1);
        assertThat(sequences.number("a", Optional.of(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
        assertThat(sequences.number("a", NONE)).isEqualTo(18);
    }

    @Test
    void startsAgainAfterASessionEnded() {
        Sequences sequences = new Sequences(2);
        sequences.number("a", NONE);

        sequences.forget("a");

        assertThat(sequences.number("a", NONE)).isZero();
        assertThat(sequences.sessions()).isEqualTo(1);
    }
}
