package io.stepvault.server.http;

import static io.stepvault.server.Calls.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class QueryTest {
    private static Query query(String text) {
        return Query.of(aCall("/").asking(text).build(), "a", "b");
    }

    private static void refused(ThrowingCallable call, String about) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.problem().status()).isEqualTo(400))
                .withMessageContaining(about);
    }

    @Test
    void readsText() {
        assertThat(query("a=x%2B+y&b=").text("a")).hasValue("x+ y");
        assertThat(query("a=x&b=").text("b")).isEmpty();
        assertThat(query("").text("a")).isEmpty();
        assertThat(query("a=b=c").text("a")).hasValue("b=c");
    }

    @Test
    void readsNumbersInTheirRange() {
        assertThat(query("a=7").number("a", 1, 1, 10)).isEqualTo(7);
        assertThat(query("").number("a", 5, 1, 10)).isEqualTo(5);
        refused(() -> query("a=11").number("a", 1, 1, 10), "1 to 10");
        refused(() -> query("a=x").number("a", 1, 1, 10), "parameter a");
        refused(() -> query("a=99999999999").number("a", 1, 1, 10), "parameter a");
    }

    @Test
    void readsFlags() {
        assertThat(query("a=true").flag("a")).isTrue();
        assertThat(query("a=false").flag("a")).isFalse();
        assertThat(query("").flag("a")).isFalse();
        refused(() -> query("a=yes").flag("a"), "true, false");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        refused(() -> query("c=1"), "a, b");
        refused(() -> query("a=1&a=2"), "twice");
        refused(() -> query("a=%"), "percent");
        refused(() -> query("a=%FF"), "UTF-8");
    }
}
