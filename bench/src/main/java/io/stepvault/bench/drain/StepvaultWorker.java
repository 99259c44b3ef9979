package io.stepvault.bench.drain;

import io.stepvault.bench.data.FilledTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Stepvault's own worker, {@code stepvault worker}, with its defaults but for what is given here. */
public final class StepvaultWorker implements Drain {
    private static final String MAIN = "io.stepvault.worker.cli.Stepvault";

    private final String name;
    private final List<String> flags;
    private final Map<String, String> configuration;

    /**
     * A worker.
     *
     * @param flags of the JVM, as the launcher sets them for a worker
     * @param configuration keys of its configuration beside those that say where everything is
     */
    public StepvaultWorker(String name, List<String> flags, Map<String, String> configuration) {
        this.name = name;
        this.flags = List.copyOf(flags);
        this.configuration = Map.copyOf(configuration);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> command(DrainTarget target) throws IOException {
        Path file = target.directory().resolve("worker.properties");
        Files.write(
                file,
                keys(target).entrySet().stream()
                        .map(key -> key.getKey() + "=" + key.getValue())
                        .toList());
        List<String> command = new ArrayList<>(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, "worker", "--config"));
        command.add(file.toString());
        return command;
    }

    private Map<String, String> keys(DrainTarget target) {
        Map<String, String> keys = new TreeMap<>();
        keys.put("kafka.bootstrap.servers", target.bootstrapServers());
        keys.put("group.id", target.group());
        keys.put("topic.captures", target.topic());
        keys.put("topic.completions", FilledTopic.completions(target.topic()));
        keys.put("topic.dead-letters", FilledTopic.deadLetters(target.topic()));
        keys.put("store.uri", "s3://" + target.bucket() + "/" + target.group() + "?endpoint=" + target.endpoint());
        keys.put(
                "spool.dir",
                target.directory().resolve("spool").toAbsolutePath().toString());
        keys.put("http.port", "0");
        keys.putAll(configuration);
        return keys;
    }
}
