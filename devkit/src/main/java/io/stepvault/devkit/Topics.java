package io.stepvault.devkit;

import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.Stepvault;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.KafkaConfig;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics, and the place of a consumer group on them. Used by one thread. */
final class Topics {
    private static final Logger log = LoggerFactory.getLogger(Topics.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Settings settings;
    private final Console console;

    Topics(Settings settings, Console console) {
        this.settings = settings;
        this.console = console;
    }

    /**
     * Creates those that are missing, as {@code stepvault topics create} does.
     *
     * @throws CommandFailure with what that says if it fails
     */
    void create() throws InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Console inner = new Console(
                OutputStream.nullOutputStream(), said, Console.Kind.plain(), settings.environment(), console.clock());
        List<String> arguments = new ArrayList<>(List.of("topics", "create"));
        settings.file().ifPresent(file -> arguments.addAll(List.of("--config", file.toString())));
        int exitCode = Stepvault.execute(inner, Stepvault.commandLine(inner), arguments.toArray(String[]::new));
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while creating topics");
        }
        if (exitCode != ExitCode.DONE) {
            throw CommandFailure.couldNotRun(
                    said.toString(Charset.defaultCharset()).strip().replaceFirst("^stepvault: ", ""), null);
        }
    }

    /**
     * Has a new group begin with what is published from now on; without a place it would begin with the oldest record.
     *
     * @throws CommandFailure if the brokers don't let it
     */
    void startGroupAtEnd() throws InterruptedException {
        KafkaConfig kafka = settings.worker().kafka();
        String topic = kafka.topics().captures();
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            get(admin.describeTopics(List.of(topic)).allTopicNames())
                    .values()
                    .forEach(found -> found.partitions()
                            .forEach(partition ->
                                    ends.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest())));
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            get(admin.listOffsets(ends).all())
                    .forEach((partition, end) -> offsets.put(partition, new OffsetAndMetadata(end.offset())));
            get(admin.alterConsumerGroupOffsets(kafka.groupId(), offsets).all());
        } catch (ExecutionException | TimeoutException e) {
            throw CommandFailure.couldNotRun(
                    "cannot give group " + kafka.groupId() + " its place on topic " + topic + ": " + reason(e)
                            + "; it needs the right to READ the group and the topic",
                    e);
        }
    }

    /** Leaves no group behind, if the brokers let it: an empty group is a nuisance, not a failure. */
    void forgetGroup() throws InterruptedException {
        KafkaConfig kafka = settings.worker().kafka();
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            get(admin.deleteConsumerGroups(List.of(kafka.groupId())).all());
        } catch (ExecutionException | TimeoutException e) {
            log.atWarn()
                    .setCause(e)
                    .addKeyValue("group", kafka.groupId())
                    .log("The demo's consumer group stays; the brokers drop it in time");
        }
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }

    private static String reason(Exception e) {
        return e instanceof TimeoutException
                ? "no answer within " + TIMEOUT.toSeconds() + " s"
                : String.valueOf(e.getCause() == null ? e : e.getCause().getMessage());
    }
}
