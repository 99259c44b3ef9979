package io.stepvault.worker.config;

import io.stepvault.worker.config.DefaultValue.Fixed;
import io.stepvault.worker.config.DefaultValue.FromMachine;
import io.stepvault.worker.config.DefaultValue.Unset;
import java.util.Map;
import java.util.TreeMap;

/** The configuration reference, {@code docs/configuration.md}, made of the list of keys. Stateless. */
public final class ConfigReference {
    private static final String INTRO = """
            # Configuration

            <!-- Generated from WorkerKeys by ConfigReference; ConfigReferenceTest says how to update it. -->

            A worker reads one properties file (`--config FILE`; UTF-8) and the environment. Every key has an environment
            twin, in capitals, with `_` for `.` and `-`: `STEPVAULT_BATCH_MAX_AGE` for `batch.max.age`. The twin wins over
            the file; an empty variable counts as not set.

            Two keys must be set; this is a complete file:

            ```properties
            kafka.bootstrap.servers=localhost:9092
            store.uri=file:///var/lib/stepvault
            ```

            A key that is unknown, set twice in the file, or has a value that is not allowed keeps the worker from
            starting. All mistakes are reported at once, one line each. The worker logs its effective configuration when it
            starts, with secrets masked.

            - **Durations** are `500ms`, `5s`, `2m`, `24h`, `7d`, or ISO-8601 (`PT1M30S`). A number without a unit is
              refused.
            - **Sizes** are `8MiB`, `512KiB`, `1GiB`, or plain bytes. `MB` is refused: it is 1,000,000 bytes to some.
            - Of the variables that begin with `STEPVAULT_`, these are no keys: the launcher's and the tests'
              (`STEPVAULT_JAVA_OPTS`, `STEPVAULT_DEBUG`, `STEPVAULT_BUILDING`, `STEPVAULT_TEST_...`), and what Kubernetes
              sets for services that happen to be called `stepvault...`, such as `STEPVAULT_SERVICE_HOST` or
              `STEPVAULT_PORT_8080_TCP`.
            """;

    private static final String PASS_THROUGH = """

            ## Passing keys through to Kafka's clients

            Kafka's own keys go under `kafka.`, for every client that knows the key, or under `kafka.consumer.`,
            `kafka.producer.` or `kafka.admin.`, for that client alone; the latter wins. Values are written as Kafka writes
            them. In the environment, `STEPVAULT_KAFKA_SECURITY_PROTOCOL` is `kafka.security.protocol`.

            ```properties
            kafka.security.protocol=SASL_SSL
            kafka.sasl.mechanism=SCRAM-SHA-512
            kafka.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="w" password="...";
            kafka.consumer.max.poll.records=500
            ```

            A value that Kafka would refuse is an error here too, and so is a key that is all but one of Kafka's. Other
            unknown keys are passed on: they may be a plug-in's. Secrets (Kafka's type `password`, and plug-ins' keys whose
            name says so) are masked wherever they are shown. A key that one client does not have but another does is
            refused under the first one's prefix.
            """;

    private ConfigReference() {}

    /** The whole page, in Markdown. */
    public static String markdown() {
        StringBuilder page = new StringBuilder(INTRO);
        for (KeyGroup group : WorkerKeys.GROUPS) {
            page.append("\n## ").append(group.title()).append("\n\n");
            if (!group.intro().isEmpty()) {
                page.append(group.intro()).append("\n\n");
            }
            page.append("| key | default | allowed | what it does | since |\n");
            page.append("| --- | --- | --- | --- | --- |\n");
            group.keys().forEach(key -> page.append(row(key)));
        }
        page.append(PASS_THROUGH);
        appendDefaults(page);
        appendForced(page);
        return page.toString();
    }

    private static <T> String row(ConfigKey<T> key) {
        return "| `" + key.name() + "` | " + defaultOf(key) + " | " + key.type().allowed() + " | " + key.doc() + " | "
                + key.since() + " |\n";
    }

    private static <T> String defaultOf(ConfigKey<T> key) {
        DefaultValue<T> defaultValue = key.defaultValue();
        if (defaultValue instanceof Fixed<T> fixed) {
            return "`" + key.type().format().apply(fixed.value()) + "`";
        }
        if (defaultValue instanceof Unset<T>) {
            return "none";
        }
        return defaultValue instanceof FromMachine<T> fromMachine ? fromMachine.description() : "must be set";
    }

    private static void appendDefaults(StringBuilder page) {
        page.append("\nThe worker gives these a default of its own:\n\n| key | default | |\n| --- | --- | --- |\n");
        for (KafkaClient client : KafkaClient.ALL) {
            new TreeMap<>(client.defaults()).forEach((key, value) -> appendRow(page, client.prefix() + key, value, ""));
        }
        Map<String, String> classic = new TreeMap<>(KafkaClient.CLASSIC_GROUP_DEFAULTS);
        classic.forEach((key, value) -> appendRow(
                page,
                KafkaClient.CONSUMER.prefix() + key,
                value,
                "not with `group.protocol=consumer`, which refuses it"));
        new TreeMap<>(KafkaClient.TRANSACTION_DEFAULTS)
                .forEach((key, value) -> appendRow(
                        page,
                        KafkaClient.PRODUCER.prefix() + key,
                        value,
                        "with `completions.delivery=exactly-once`; `delivery.timeout.ms` must be less than"
                                + " `transaction.timeout.ms`"));
    }

    private static void appendForced(StringBuilder page) {
        page.append(
                "\nThe worker sets these for good; another value is refused:\n\n| key | value | why |\n| --- | --- | --- |\n");
        for (KafkaClient client : KafkaClient.ALL) {
            client.forced()
                    .forEach(
                            forced -> appendRow(page, client.prefix() + forced.key(), forced.value(), forced.reason()));
        }
        page.append("\nThe group is set by `group.id` and the cluster by `kafka.bootstrap.servers`, for all clients;"
                + " `transactional.id` is refused, since the worker derives it from the id in `spool.dir`."
                + " `kafka.consumer.group.instance.id` must be another for each worker; it is worth setting only with a"
                + " longer session timeout: see [scaling.md](scaling.md).\n");
    }

    private static void appendRow(StringBuilder page, String key, String value, String remark) {
        page.append("| `")
                .append(key)
                .append("` | `")
                .append(value)
                .append("` | ")
                .append(remark)
                .append(" |\n");
    }
}
