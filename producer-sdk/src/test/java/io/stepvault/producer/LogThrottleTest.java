package io.stepvault.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogThrottleTest {
    private final ManualClock clock = new ManualClock();
    private final LogThrottle throttle = new LogThrottle(clock, Duration.ofSeconds(10));

    @Test
    void letsTheFirstEventThrough() {
        assertThat(throttle.count()).isEqualTo(1);
    }

    @Test
    void countsWhatItHoldsBack() {
        throttle.count();
        clock.advance(Duration.ofMillis(9_999));

        assertThat(throttle.count()).isZero();
        assertThat(throttle.count()).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(throttle.count()).isEqualTo(3);
        assertThat(throttle.count()).isZero();
    }
}
