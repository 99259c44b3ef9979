package io.stepvault.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MediansTest {
    @Test
    void isTheMiddle() {
        assertThat(Medians.median(new double[] {3, 1, 2})).isEqualTo(2);
        assertThat(Medians.median(new double[] {4, 1, 2, 3})).isEqualTo(2.5);
        assertThat(Medians.median(new double[] {7})).isEqualTo(7);
    }

    @Test
    void isTheLeastThatEnoughDoNotExceed() {
        double[] hundred = new double[100];
        for (int i = 0; i < 100; i++) {
            hundred[i] = 100 - i;
        }

        assertThat(Medians.percentile(hundred, 0.5)).isEqualTo(50);
        assertThat(Medians.percentile(hundred, 0.99)).isEqualTo(99);
        assertThat(Medians.percentile(new double[] {7}, 0.99)).isEqualTo(7);
    }

    @Test
    void refusesNothing() {
        assertThatThrownBy(() -> Medians.median(new double[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
