package io.stepvault.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagsTest {
    private static boolean known(String asked, String etag) {
        return EntityTags.isKnown(name -> name.equals("If-None-Match") ? List.of(asked) : List.of(), etag);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\"", "W/\"a\"", "*", "\"b\", \"a\"", "\"b\",W/\"a\"", " * "})
    void knowsATagWeakOrStrong(String asked) {
        assertThat(known(asked, "\"a\"")).isTrue();
        assertThat(known(asked, "W/\"a\"")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\"b\"", "\"A\"", "\"aa\"", "\"a", "W/a"})
    void knowsNoOther(String asked) {
        assertThat(known(asked, "\"a\"")).isFalse();
    }

    @Test
    void knowsNothingWithoutTheHeader() {
        assertThat(EntityTags.isKnown(name -> List.of(), "\"a\"")).isFalse();
    }
}
