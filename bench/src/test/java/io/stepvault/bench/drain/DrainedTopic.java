package io.stepvault.bench.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.embedded.EmbeddedS3;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A topic of random records and a bucket, both new: what a drain is to move, and what it has moved. For one thread. */
final class DrainedTopic {
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 300;
    private static final int MAX_BYTES = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final EmbeddedKafka kafka;
    private final EmbeddedS3 s3;
    private final String topic = "captures-" + UUID.randomUUID();
    private final String bucket = "bucket-" + UUID.randomUUID();

    /** By partition, in the order of their offsets. */
    private final SortedMap<Integer, List<byte[]>> values = new TreeMap<>();

    private DrainedTopic(EmbeddedKafka kafka, EmbeddedS3 s3) {
        this.kafka = kafka;
        this.s3 = s3;
    }

    static DrainedTopic fill(EmbeddedKafka kafka, EmbeddedS3 s3) {
        DrainedTopic topic = new DrainedTopic(kafka, s3);
        s3.createBucket(topic.bucket);
        topic.publish();
        return topic;
    }

    private void publish() {
        Random random = new Random(7);
        // One request at a time: a new partition can refuse what overtakes.
        Map<String, Object> properties =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.in.flight.requests.per.connection", "1");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            get(admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all());
            for (int number = 0; number < RECORDS; number++) {
                byte[] value = new byte[1 + random.nextInt(MAX_BYTES)];
                random.nextBytes(value);
                int partition = random.nextInt(PARTITIONS);
                values.computeIfAbsent(partition, absent -> new ArrayList<>()).add(value);
                var unused = producer.send(new ProducerRecord<>(topic, partition, null, value));
            }
        }
    }

    /** Runs it until its group has committed all there is. */
    void drain(Drain drain, Path directory) throws IOException {
        String group = "group-" + UUID.randomUUID();
        DrainTarget target = new DrainTarget(kafka.bootstrapServers(), topic, group, s3.endpoint(), bucket, directory);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.addAll(drain.command(target));
        File log = directory.resolve("drain.log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID",
                        s3.accessKey(),
                        "AWS_SECRET_ACCESS_KEY",
                        s3.secretKey(),
                        "AWS_REGION",
                        "us-east-1"));
        Process process = builder.start();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
                assertThat(process.isAlive()).as(() -> read(log)).isTrue();
                return committed(admin, drain.group(group)).equals(ends());
            });
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new TreeMap<>(Comparator.comparing(TopicPartition::partition));
        values.forEach((partition, all) -> ends.put(new TopicPartition(topic, partition), (long) all.size()));
        return ends;
    }

    private static Map<TopicPartition, Long> committed(Admin admin, String group) {
        Map<TopicPartition, Long> committed = new TreeMap<>(Comparator.comparing(TopicPartition::partition));
        Map<TopicPartition, OffsetAndMetadata> offsets =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    /** All records' values, by partition and offset. */
    List<byte[]> values() {
        return values.values().stream().flatMap(List::stream).toList();
    }

    /** The bucket's objects by their keys. */
    Map<String, byte[]> objects() {
        Map<String, byte[]> objects = new TreeMap<>();
        try (S3Client client = S3Client.builder()
                .endpointOverride(s3.endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
                .build()) {
            client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                    .forEach(object -> objects.put(
                            object.key(),
                            client.getObjectAsBytes(
                                            request -> request.bucket(bucket).key(object.key()))
                                    .asByteArray()));
        }
        return objects;
    }

    private static String read(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
