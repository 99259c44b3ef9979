package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {
    @Property
    void theDistanceIsSymmetricAndZeroOnlyForEqualTexts(
            @ForAll @AlphaChars @StringLength(max = 8) String a, @ForAll @AlphaChars @StringLength(max = 8) String b) {
        int distance = NearestKey.distance(a, b);

        assertThat(distance).isEqualTo(NearestKey.distance(b, a));
        assertThat(distance == 0).isEqualTo(a.equals(b));
        assertThat(distance).isLessThanOrEqualTo(Math.max(a.length(), b.length()));
    }

    @ParameterizedTest
    @CsvSource({"abc, abc, 0", "abc, acb, 1", "abc, abxc, 1", "abc, ac, 1", "abc, xbc, 1", "'', abc, 3"})
    void countsLettersPutInLeftOutChangedOrSwapped(String a, String b, int distance) {
        assertThat(NearestKey.distance(a, b)).isEqualTo(distance);
    }

    @Test
    void findsNothingForWhatIsNowhereNear() {
        assertThat(NearestKey.of("wholly-unlike", Stream.of("batch.max.age"))).isEmpty();
    }
}
