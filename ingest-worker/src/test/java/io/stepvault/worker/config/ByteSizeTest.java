package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @Property
    void isReadBackFromItsText(@ForAll @LongRange(min = 0) long bytes) {
        ByteSize size = new ByteSize(bytes);

        assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
    }

    @Property
    void isReadBackFromItsTextInWholeUnits(
            @ForAll @IntRange(max = 8_000) int amount, @ForAll @IntRange(max = 4) int unit) {
        ByteSize size = new ByteSize((long) amount << (10 * unit));

        assertThat(ByteSize.parse(size.toString())).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0B",
        "1000, 1000B",
        "1024, 1KiB",
        "8388608, 8MiB",
        "8388609, 8388609B",
        "524288, 512KiB",
        "1073741824, 1GiB",
        "1099511627776, 1TiB",
    })
    void isWrittenInTheLargestUnitThatFits(long bytes, String text) {
        assertThat(new ByteSize(bytes)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"8MiB, 8388608", "8 mib, 8388608", "512KiB, 524288", "1000, 1000", "1000B, 1000", "' 7 ', 7"})
    void readsUnitsInAnyCaseAndPlainBytes(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8MB", "8M", "8k", "-1", "1.5MiB", "MiB", "8 MiB 3", "0x10", "٣"})
    void refusesWhatIsNoSizeAndSaysWhatToWrite(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("write 8MiB, 512KiB or plain bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8388608TiB", "9223372036854775808", "9999999999999999999"})
    void refusesWhatCannotBeCounted(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("too large");
    }

    @Test
    void refusesANegativeSize() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteSize(-1));
    }

    @Test
    void isOrderedBySize() {
        assertThat(ByteSize.ofKiB(1025)).isGreaterThan(ByteSize.ofMiB(1));
        assertThat(ByteSize.ofMiB(1).plus(ByteSize.ofKiB(1))).isEqualTo(ByteSize.ofKiB(1025));
    }
}
