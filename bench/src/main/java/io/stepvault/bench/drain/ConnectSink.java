package io.stepvault.bench.drain;

import io.stepvault.embedded.FreePorts;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sink of Kafka Connect that the user has: Connect's own runtime, standalone, with one connector. In the connector's
 * file these stand for what a run says (see {@code bench/connectors}): {@code ${bench:topic}}, {@code ${bench:bucket}}, {@code
 * ${bench:endpoint}}, {@code ${bench:directory}} (an empty one of the run's own). {@code ${env:NAME}} is a variable of the process's
 * environment, such as {@code AWS_ACCESS_KEY_ID}, for sinks that want credentials in their settings. Keys that begin with
 * {@code worker.} are settings of Connect's worker.
 *
 * @param runtime Connect's jars
 * @param plugins the directory that holds the sink, or one directory per sink
 * @param connector its settings
 */
public record ConnectSink(PeerJars runtime, Path plugins, Path connector) implements Drain {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{bench:(\\w+)}");
    private static final String BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter";
    private static final String WORKER = "worker.";

    @Override
    public String name() {
        String file = String.valueOf(connector.getFileName());
        return "Connect, " + file.replaceFirst("\\.properties$", "");
    }

    /** Connect's standing rule for a sink whose settings name no other group. */
    @Override
    public String group(String asked) {
        return "connect-" + asked;
    }

    @Override
    public List<String> command(DrainTarget target) throws IOException {
        Properties worker = workerDefaults(target);
        Properties sink = new Properties();
        filled(target).forEach((key, value) -> {
            if (key.startsWith(WORKER)) {
                worker.setProperty(key.substring(WORKER.length()), value);
            } else {
                sink.setProperty(key, value);
            }
        });
        // The group's name follows from it.
        sink.setProperty("name", target.group());
        return List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                runtime.classPath(),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                written(worker, target.directory().resolve("worker.properties")).toString(),
                written(sink, target.directory().resolve("connector.properties"))
                        .toString());
    }

    private Properties workerDefaults(DrainTarget target) {
        Properties settings = new Properties();
        settings.setProperty("bootstrap.servers", target.bootstrapServers());
        settings.setProperty("plugin.path", plugins.toAbsolutePath().toString());
        settings.setProperty(
                "offset.storage.file.filename",
                target.directory().resolve("offsets").toString());
        settings.setProperty("key.converter", BYTES);
        settings.setProperty("value.converter", BYTES);
        // As often as the loops of ours commit; by default it is once a minute.
        settings.setProperty("offset.flush.interval.ms", "1000");
        settings.setProperty("listeners", "http://127.0.0.1:" + FreePorts.pick());
        settings.setProperty("consumer.auto.offset.reset", "earliest");
        settings.setProperty("config.providers", "env");
        settings.setProperty(
                "config.providers.env.class", "org.apache.kafka.common.config.provider.EnvVarConfigProvider");
        return settings;
    }

    /** What the connector's file says, with the run's values in it. */
    private Map<String, String> filled(DrainTarget target) throws IOException {
        Map<String, String> known = Map.of(
                "topic", target.topic(),
                "bucket", target.bucket(),
                "endpoint", target.endpoint().toString(),
                "directory", target.directory().toAbsolutePath().toString());
        Properties settings = new Properties();
        try (Reader in = Files.newBufferedReader(connector)) {
            settings.load(in);
        }
        Map<String, String> filled = new TreeMap<>();
        for (String key : settings.stringPropertyNames()) {
            filled.put(
                    key,
                    PLACEHOLDER
                            .matcher(settings.getProperty(key))
                            .replaceAll(match -> Matcher.quoteReplacement(value(match.group(1), known))));
        }
        return filled;
    }

    private static String value(String placeholder, Map<String, String> known) {
        String value = known.get(placeholder);
        if (value == null) {
            throw new IllegalArgumentException(
                    "${bench:" + placeholder + "} in a connector's settings stands for nothing:" + " expected one of "
                            + new TreeSet<>(known.keySet()));
        }
        return value;
    }

    private static Path written(Properties settings, Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        return file;
    }
}
