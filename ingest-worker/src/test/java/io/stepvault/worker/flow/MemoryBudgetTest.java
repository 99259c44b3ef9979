package io.stepvault.worker.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    @Test
    void isFullAboveTheLimitUntilUseHasFallenToTheResumeLevel() {
        MemoryBudget memory = new MemoryBudget(1000);

        memory.take(1000);
        assertThat(memory.isFull()).isFalse();
        memory.take(1);
        assertThat(memory.isFull()).isTrue();
        memory.release(100);
        assertThat(memory.isFull())
                .as("901 bytes, above the resume level of 900")
                .isTrue();
        memory.release(1);
        assertThat(memory.isFull()).isFalse();
    }

    @Test
    void takesOnWhatIsBiggerThanItselfRatherThanRefuseIt() {
        MemoryBudget memory = new MemoryBudget(10);

        memory.take(5000);

        assertThat(memory.used()).isEqualTo(5000);
        assertThat(memory.isFull()).isTrue();
    }

    @Test
    void aBudgetOfNothingIsRefused() {
        assertThatThrownBy(() -> new MemoryBudget(0)).hasMessageContaining("expected more than 0");
    }
}
