package io.stepvault.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3ChecksumsTest {
    /** "123456789", the check value of every description of CRC-32. */
    @Test
    void readsFourBytesTheHighestFirst() {
        assertThat(S3Checksums.read("y/Q5Jg==")).hasValue(0xCBF43926);
    }

    /** Those of uploads in parts have a dash and the number of parts behind. */
    @ParameterizedTest
    @ValueSource(strings = {"", "y/Q5Jg==-3", "y/Q5", "no checksum"})
    void takesNothingElse(String text) {
        assertThat(S3Checksums.read(text)).isEmpty();
    }

    @Test
    void oneThatIsNotToldIsNone() {
        assertThat(S3Checksums.read(null)).isEmpty();
    }
}
