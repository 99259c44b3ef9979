package io.stepvault.server.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.object.ByteRange;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeHeaderTest {
    private static RangeHeader of(String field, long size) {
        return RangeHeader.parse(Optional.of(field), size);
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0,0,1",
        "bytes=0-9,0,10",
        "bytes=5-,5,5",
        "bytes=-3,7,3",
        "bytes=-30,0,10",
        "bytes=9-100,9,1",
        "BYTES = 1 - 2,1,2",
        "bytes=0-999999999999999999,0,10"
    })
    void namesBytesOfTen(String field, long offset, long length) {
        assertThat(of(field, 10)).isEqualTo(new RangeHeader.Part(new ByteRange(offset, length)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=999999999999999999-", "bytes=-0"})
    void namesBytesThatTenHaveNot(String field) {
        assertThat(of(field, 10)).isEqualTo(new RangeHeader.Beyond());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes=",
                "bytes=-",
                "bytes=5-4",
                "bytes=0-1,3-4",
                "bytes=a-b",
                "bytes=0",
                "bytes=--1",
                "items=0-1",
                "bytes=0-9999999999999999999999"
            })
    void isIgnoredIfItIsNoneOrMany(String field) {
        assertThat(of(field, 10)).isEqualTo(new RangeHeader.Whole());
    }

    @Test
    void isAbsent() {
        assertThat(RangeHeader.parse(Optional.empty(), 10)).isEqualTo(new RangeHeader.Whole());
        assertThat(of("bytes=0-", 0)).isEqualTo(new RangeHeader.Beyond());
        assertThat(of("bytes=-1", 0)).isEqualTo(new RangeHeader.Beyond());
    }

    @Property
    void neverLeavesTheContent(
            @ForAll @LongRange(max = 100) long from,
            @ForAll @LongRange(max = 100) long to,
            @ForAll @LongRange(max = 50) long size) {
        if (of("bytes=" + from + "-" + to, size) instanceof RangeHeader.Part part) {
            assertThat(part.range().offset()).isEqualTo(from);
            assertThat(part.range().offset() + part.range().length()).isEqualTo(Math.min(to + 1, size));
        }
    }
}
