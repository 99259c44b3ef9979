package io.stepvault.bench.drain;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A route of Apache Camel as its manual would have it: some consumers, one put per record, one S3 client for all. A
 * consumer's records are put one after the other, and it polls again when they are: that is Camel's order of things. Its
 * commits are those of its defaults, every second instead of every five; a record whose put fails stops the consumer there.
 *
 * @param jars of Camel
 * @param consumers threads, each with a consumer of its own
 */
public record CamelRoute(PeerJars jars, int consumers) implements Drain {
    /** A record's key in the bucket is its partition and offset. */
    private static final String ROUTE = """
            <routes xmlns="http://camel.apache.org/schema/spring">
              <route id="drain">
                <from uri="kafka:{{drain.topic}}"/>
                <setHeader name="CamelAwsS3Key">
                  <simple>${headerAs(kafka.PARTITION, String)}/${headerAs(kafka.OFFSET, String)}</simple>
                </setHeader>
                <to uri="aws2-s3:{{drain.bucket}}"/>
              </route>
            </routes>
            """;

    @Override
    public String name() {
        return "Camel, one put per capture";
    }

    @Override
    public List<String> command(DrainTarget target) throws IOException {
        Path route = target.directory().resolve("route.xml");
        Files.writeString(route, ROUTE);
        Path settings = target.directory().resolve("application.properties");
        Files.write(
                settings,
                settings(target, route).entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toList());
        return List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                // The first place that Camel looks for its settings is the class path.
                "-cp",
                target.directory().toAbsolutePath() + ":" + jars.classPath(),
                "org.apache.camel.main.Main");
    }

    private Map<String, String> settings(DrainTarget target, Path route) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("drain.topic", target.topic());
        settings.put("drain.bucket", target.bucket());
        settings.put("camel.main.routes-include-pattern", "file:" + route.toAbsolutePath());
        settings.put("camel.main.name", "drain");
        settings.putAll(kafka(target));
        settings.putAll(s3(target.endpoint()));
        return settings;
    }

    private Map<String, String> kafka(DrainTarget target) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("brokers", target.bootstrapServers());
        settings.put("group-id", target.group());
        settings.put("consumers-count", Integer.toString(consumers));
        settings.put("auto-offset-reset", "earliest");
        // Kafka's client commits, at a poll, what earlier polls returned; and that has all gone through the route.
        settings.put("auto-commit-interval-ms", "1000");
        settings.put("break-on-first-error", "true");
        settings.put("value-deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        settings.put("fetch-max-bytes", "4194304");
        return prefixed("camel.component.kafka.", settings);
    }

    private static Map<String, String> s3(URI endpoint) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("override-endpoint", "true");
        settings.put("uri-endpoint-override", endpoint.toString());
        settings.put("force-path-style", "true");
        settings.put("region", "${env:AWS_REGION}");
        settings.put("use-default-credentials-provider", "true");
        settings.put("auto-create-bucket", "false");
        return prefixed("camel.component.aws2-s3.", settings);
    }

    private static Map<String, String> prefixed(String prefix, Map<String, String> settings) {
        Map<String, String> prefixed = new LinkedHashMap<>();
        settings.forEach((key, value) -> prefixed.put(prefix + key, value));
        return prefixed;
    }
}
