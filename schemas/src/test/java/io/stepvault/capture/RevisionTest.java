package io.stepvault.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.testing.CaptureArbitraries;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {
    private static final String HASH = "0123456789abcdef";

    @Provide
    Arbitrary<Revision> revisions() {
        // Few times and hashes besides many, so that ties happen.
        Arbitrary<Instant> times = Arbitraries.oneOf(
                CaptureArbitraries.captureTimes(),
                Arbitraries.of(Revision.EARLIEST, Revision.LATEST, Instant.parse("2026-11-20T08:00:12.345678Z")));
        Arbitrary<String> hashes = Arbitraries.oneOf(
                Arbitraries.of(HASH, "0000000000000000", "ffffffffffffffff"),
                Arbitraries.strings().withChars("0123456789abcdef").ofLength(16));
        return Combinators.combine(times, hashes).as(Revision::new);
    }

    @Property
    void everyRevisionIsReadBack(@ForAll("revisions") Revision revision) {
        assertThat(Revision.parse(revision.toString())).isEqualTo(revision);
    }

    @Property
    void textOrderIsTimeOrderThenHashOrder(@ForAll("revisions") Revision one, @ForAll("revisions") Revision other) {
        int expected = one.capturedAt().equals(other.capturedAt())
                ? one.contentHash().compareTo(other.contentHash())
                : one.capturedAt().compareTo(other.capturedAt());

        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(Integer.signum(expected));
        assertThat(Integer.signum(one.toString().compareTo(other.toString()))).isEqualTo(Integer.signum(expected));
    }

    @Property
    void whatIsReadIsWrittenTheSame(
            @ForAll("revisions") Revision revision,
            @ForAll @IntRange(min = 0, max = 39) int at,
            @ForAll("characters") char changed) {
        StringBuilder text = new StringBuilder(revision.toString());
        text.setCharAt(at, changed);

        try {
            assertThat(Revision.parse(text.toString())).hasToString(text.toString());
        } catch (IllegalArgumentException refused) {
            assertThat(refused).isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }

    @Provide
    Arbitrary<Character> characters() {
        return Arbitraries.oneOf(Arbitraries.chars().with("0123456789abcdefABCDEF.-TZ+ ٣３"), Arbitraries.chars());
    }

    @Test
    void isWrittenAsInKeys() {
        Revision revision = new Revision(Instant.parse("2026-11-20T08:00:12.345678999Z"), HASH);

        assertThat(revision).hasToString("20261120T080012.345678Z-0123456789abcdef");
        assertThat(revision.capturedAt()).isEqualTo(Instant.parse("2026-11-20T08:00:12.345678Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "19700101T000000.000000Z-0123456789abcdef",
                "99991231T235959.999999Z-0123456789abcdef",
                "20240229T000000.000000Z-0123456789abcdef"
            })
    void limitsAndLeapDaysAreRead(String text) {
        assertThat(Revision.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "20261120T080012.345678Z",
                "20261120T080012.345678Z-",
                "20261320T080012.345678Z-0123456789abcdef", // month 13
                "20260020T080012.345678Z-0123456789abcdef", // month 0
                "20260231T080012.345678Z-0123456789abcdef", // 31 February
                "20250229T080012.345678Z-0123456789abcdef", // no leap year
                "20260431T080012.345678Z-0123456789abcdef", // 31 April
                "20261100T080012.345678Z-0123456789abcdef", // day 0
                "20261120T240000.000000Z-0123456789abcdef", // hour 24
                "20261120T086012.345678Z-0123456789abcdef", // minute 60
                "20161231T235960.000000Z-0123456789abcdef", // leap second
                "19691231T235959.999999Z-0123456789abcdef", // before 1970
                "00001120T080012.345678Z-0123456789abcdef",
                "+99991231T235959.999999Z-0123456789abcdef",
                "20261120T080012.345Z-0123456789abcdef",
                "20261120T080012.345678901Z-0123456789abcdef",
                "20261120t080012.345678z-0123456789abcdef",
                "20261120T080012,345678Z-0123456789abcdef",
                "20261120T080012.345678Z-0123456789ABCDEF",
                "20261120T080012.345678Z-0123456789abcde",
                "20261120T080012.345678Z-0123456789abcdef0",
                "20261120T080012.345678Z-0123456789abcdeg",
                "20261120T080012.345678Z-0123456789abcdef\n",
                " 20261120T080012.345678Z-0123456789abcdef",
                "٢٠٢٦١١٢٠T080012.345678Z-0123456789abcdef", // Arabic digits
                "２０２６１１２０T080012.345678Z-0123456789abcdef", // full-width digits
                "20261120T080012.345678Z-０123456789abcdef"
            })
    void whatIsNotCanonicalIsRefused(String text) {
        assertThatThrownBy(() -> Revision.parse(text)).isExactlyInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void timeOutsideTheRangeIsRefused() {
        assertThatThrownBy(() -> new Revision(Revision.EARLIEST.minusNanos(1), HASH))
                .isExactlyInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Revision(Revision.LATEST.plusNanos(1000), HASH))
                .isExactlyInstanceOf(IllegalArgumentException.class);
        assertThat(new Revision(Revision.LATEST.plusNanos(999), HASH).capturedAt())
                .isEqualTo(Revision.LATEST);
    }

    @Test
    void hashThatIsNone() {
        assertThatThrownBy(() -> new Revision(Instant.EPOCH, "0123456789ABCDEF"))
                .isExactlyInstanceOf(IllegalArgumentException.class);
    }
}
