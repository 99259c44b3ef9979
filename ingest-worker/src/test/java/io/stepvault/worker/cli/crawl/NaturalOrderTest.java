package io.stepvault.worker.cli.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
    private final NaturalOrder order = new NaturalOrder();

    @Test
    void countsNumbers() {
        assertThat(List.of("step-10", "step-9", "step-009", "step", "b1", "step-2x", "2", "10").stream()
                        .sorted(order))
                .containsExactly("2", "10", "b1", "step", "step-2x", "step-009", "step-9", "step-10");
    }

    @Property
    void isATotalOrder(
            @ForAll @CharRange(from = '0', to = 'b') String one,
            @ForAll @CharRange(from = '0', to = 'b') String other,
            @ForAll @CharRange(from = '0', to = 'b') String third) {
        assertThat(order.compare(one, other) == 0).isEqualTo(one.equals(other));
        assertThat(Integer.signum(order.compare(one, other))).isEqualTo(-Integer.signum(order.compare(other, one)));
        if (order.compare(one, other) <= 0 && order.compare(other, third) <= 0) {
            assertThat(order.compare(one, third)).isLessThanOrEqualTo(0);
        }
    }
}
