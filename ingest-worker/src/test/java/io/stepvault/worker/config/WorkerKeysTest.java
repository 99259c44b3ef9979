package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.config.DefaultValue.Fixed;
import io.stepvault.worker.config.DefaultValue.Required;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerKeysTest {
    static Iterable<ConfigKey<?>> keys() {
        return WorkerKeys.ALL;
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aDefaultIsAllowedAndReadBackFromTheReference(ConfigKey<?> key) {
        assertDefault(key);
    }

    private static <T> void assertDefault(ConfigKey<T> key) {
        if (key.defaultValue() instanceof Fixed<T> fixed) {
            assertThat(key.parse(key.type().format().apply(fixed.value()))).isEqualTo(fixed.value());
        } else if (key.defaultValue() instanceof Required<T> required) {
            assertThat(key.check(key.parse(required.example()))).isEmpty();
        }
    }

    @Test
    void namesAndTwinsAreUnique() {
        assertThat(WorkerKeys.ALL).extracting(ConfigKey::name).doesNotHaveDuplicates();
        assertThat(WorkerKeys.ALL).extracting(ConfigKey::environmentName).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aNameIsDottedAndTheDocFitsATable(ConfigKey<?> key) {
        assertThat(key.name()).matches("[a-z]+(\\.[a-z][a-z0-9-]*)+");
        assertThat(key.doc()).endsWith(".").doesNotContain("|", "\n");
        assertThat(key.type().allowed()).doesNotContain("|", "\n");
    }
}
