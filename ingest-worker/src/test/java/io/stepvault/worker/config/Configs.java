package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Configurations for tests: the required keys, and what a test adds. */
final class Configs {
    static final Path HOME = Path.of("/home/crawler");
    static final Machine MACHINE = new Machine("crawler-7", 4711, ByteSize.ofMiB(494), Optional.of(HOME));

    private Configs() {}

    /** The required keys and those given, as {@code key=value}. */
    static Map<String, String> with(String... lines) {
        Map<String, String> properties =
                new HashMap<>(Map.of("kafka.bootstrap.servers", "localhost:9092", "store.uri", "file:///tmp/store"));
        for (String line : lines) {
            int equals = line.indexOf('=');
            properties.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return properties;
    }

    static WorkerConfig load(String... lines) {
        return WorkerConfig.load(with(lines), Map.of(), MACHINE);
    }

    static List<String> problems(String... lines) {
        return problems(with(lines), Map.of());
    }

    static List<String> problems(Map<String, String> properties, Map<String, String> environment) {
        ConfigException thrown =
                catchThrowableOfType(ConfigException.class, () -> WorkerConfig.load(properties, environment, MACHINE));
        return thrown == null ? List.of() : thrown.problems();
    }
}
