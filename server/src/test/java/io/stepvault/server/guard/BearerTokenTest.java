package io.stepvault.server.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {
    @Test
    void matchesItselfOnly() {
        BearerToken token = new BearerToken("0123456789abcdef");

        assertThat(token.matches("0123456789abcdef")).isTrue();
        assertThat(token.matches("0123456789abcdeF")).isFalse();
        assertThat(token.matches("")).isFalse();
    }

    @Test
    void isNotShown() {
        assertThat(new BearerToken("0123456789abcdef")).hasToString("****");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123456789abcde", "0123456789 abcdef", "0123456789abcdef\n", "0123456789abcdé f"})
    void isLongAndPlain(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BearerToken(text))
                .withMessageContaining("16")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("abcd"));
    }
}
