package io.stepvault.worker.simulation;

import io.stepvault.capture.Artifacts;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import io.stepvault.wire.ConfluentFormat;
import io.stepvault.wire.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Crawlers that publish: steps, steps again, old ones late, large ones in chunks, and what is no capture at all. */
final class Crawl {
    /** Longer than this an honest producer does not take from one chunk of a set to the next. */
    private static final Duration BETWEEN_CHUNKS = Duration.ofSeconds(3);

    private static final SingleObjectCodec<StepCapture> CODEC = SingleObjectCodec.stepCaptures();
    private static final ConfluentFormat.Encoder CONFLUENT = new ConfluentFormat.Encoder();

    private final Random random;
    private final SimulatedClock clock;
    private final Trace trace;
    private final SimulatedBrokers brokers;
    private final Oracle oracle;
    private final List<ChunkProducer> producers = new ArrayList<>();
    private final List<Sent> sent = new ArrayList<>();
    private int steps;

    private record Sent(TopicPartition partition, StepCapture capture) {}

    /** One that has sent some chunks of a set, and has some left. */
    private static final class ChunkProducer {
        final Sent sent;
        final List<ConsumerRecord<byte[], byte[]>> left;
        final List<Long> offsets = new ArrayList<>();
        Instant last = Instant.MIN;

        ChunkProducer(Sent sent, List<ConsumerRecord<byte[], byte[]>> left) {
            this.sent = sent;
            this.left = left;
        }
    }

    Crawl(Random random, SimulatedClock clock, Trace trace, SimulatedBrokers brokers, Oracle oracle) {
        this.random = random;
        this.clock = clock;
        this.trace = trace;
        this.brokers = brokers;
        this.oracle = oracle;
    }

    void publish() {
        int kind = random.nextInt(16);
        if (kind < 3 && !producers.isEmpty()) {
            nextChunk(producers.get(random.nextInt(producers.size())));
        } else if (kind == 3) {
            poison();
        } else if (kind == 4 && !sent.isEmpty()) {
            Sent again = sent.get(random.nextInt(sent.size()));
            trace.add("published again:");
            send(again.partition, again.capture);
        } else if (kind == 5 && !sent.isEmpty()) {
            Sent other = sent.get(random.nextInt(sent.size()));
            send(other.partition, revision(other.capture));
        } else {
            send();
        }
    }

    private void send() {
        String session = random.nextInt(6) == 0 ? doomedSession(random) : "s" + random.nextInt(4);
        boolean refused = random.nextInt(25) == 0;
        String step = "step-" + steps++ + (refused ? SimulatedStore.REFUSED : "");
        StepCapture.Builder capture = StepCapture.newBuilder()
                .setSessionId(session)
                .setStepId(step)
                .setCapturedAt(clock.instant()
                        .minus(Duration.ofDays(random.nextInt(6) == 0 ? random.nextInt(7) : 0))
                        .minusMillis(random.nextInt(60_000)))
                .setHtml(Artifacts.html("<p>" + session + "/" + step + "</p>"))
                .setAction("{\"type\":\"click\"}")
                .setEndOfSession(random.nextInt(10) == 0);
        if (random.nextInt(4) == 0) {
            byte[] noise = new byte[50 + random.nextInt(600)];
            random.nextBytes(noise);
            capture.setScreenshot(Artifacts.png(noise));
        }
        send(partition(session), capture.build());
    }

    /** One that may be deleted some day. */
    static String doomedSession(Random random) {
        return "d" + random.nextInt(2);
    }

    private TopicPartition partition(String session) {
        List<SimulatedLog> logs = brokers.logs();
        // A record without a key may lie anywhere.
        int which =
                random.nextInt(12) == 0 ? random.nextInt(logs.size()) : Math.floorMod(session.hashCode(), logs.size());
        return logs.get(which).partition;
    }

    /** The same step captured at another time: before, after, or at the same time with other content. */
    private StepCapture revision(StepCapture capture) {
        return StepCapture.newBuilder(capture)
                .setCapturedAt(capture.getCapturedAt().plusMillis(random.nextInt(3) * 5_000L - 5_000))
                .setHtml(Artifacts.html("<p>" + capture.getStepId() + " " + random.nextInt(100) + "</p>"))
                .build();
    }

    private void send(TopicPartition partition, StepCapture capture) {
        Sent next = new Sent(partition, capture);
        sent.add(next);
        byte[] value = random.nextInt(5) == 0
                ? CONFLUENT.encode(SimulatedRegistry.anyKnown(random), capture)
                : CODEC.encode(capture);
        byte[] key = capture.getSessionId().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(7) > 0) {
            long offset = append(partition, record(partition, key, value, Map.of()));
            trace.add("published " + partition.partition() + "@" + offset + " " + capture.getSessionId() + "/"
                    + capture.getStepId());
            oracle.published(partition, List.of(offset), capture);
            return;
        }
        Chunking chunking = new Chunking(
                new UUID(random.nextLong(), random.nextLong()), value, value.length / (2 + random.nextInt(3)) + 1);
        List<ConsumerRecord<byte[], byte[]>> chunks = new ArrayList<>();
        for (int i = 0; i < chunking.count(); i++) {
            chunks.add(record(partition, key, chunking.bytes(i), ChunkFormat.CAPTURES.write(chunking.header(i))));
        }
        ChunkProducer producer = new ChunkProducer(next, chunks);
        producers.add(producer);
        nextChunk(producer);
    }

    private void nextChunk(ChunkProducer producer) {
        TopicPartition partition = producer.sent.partition;
        long offset = append(partition, producer.left.remove(0));
        producer.offsets.add(offset);
        producer.last = clock.instant();
        trace.add("published " + partition.partition() + "@" + offset + " a chunk of "
                + producer.sent.capture.getStepId() + ", " + producer.left.size() + " to come");
        if (producer.left.isEmpty()) {
            producers.remove(producer);
            oracle.published(partition, producer.offsets, producer.sent.capture);
        } else {
            oracle.partlyPublished(partition, producer.offsets);
        }
    }

    /** A producer that dies leaves its set as it is. */
    void producerDies() {
        if (!producers.isEmpty()) {
            ChunkProducer dead = producers.remove(random.nextInt(producers.size()));
            trace.add("the producer of " + dead.sent.capture.getStepId() + " dies in mid-set");
            dead.offsets.forEach(offset -> oracle.abandoned(dead.sent.partition, offset));
        }
    }

    /** Before time passes, those send on who would be late. */
    void beforePassing(Duration time) {
        if (brokers.areAway()) {
            return;
        }
        Instant then = clock.instant().plus(time);
        for (ChunkProducer producer : List.copyOf(producers)) {
            while (producers.contains(producer)
                    && producer.last.plus(BETWEEN_CHUNKS).isBefore(then)) {
                nextChunk(producer);
            }
        }
    }

    /** The brokers are back: who waited for them goes on from here. */
    void resume() {
        producers.forEach(producer -> producer.last = clock.instant());
    }

    /** All sets are sent to their end. */
    void finish() {
        for (ChunkProducer producer : List.copyOf(producers)) {
            while (producers.contains(producer)) {
                nextChunk(producer);
            }
        }
    }

    /** The topic is another one: what was sent in part lies nowhere. */
    void startOver() {
        producers.clear();
    }

    private void poison() {
        List<SimulatedLog> logs = brokers.logs();
        TopicPartition partition = logs.get(random.nextInt(logs.size())).partition;
        byte[] bad =
                switch (random.nextInt(4)) {
                    case 0 -> new byte[] {1, 2, 3};
                    case 1 -> new byte[0];
                    case 2 ->
                        CONFLUENT.encode(
                                SimulatedRegistry.UNKNOWN,
                                StepCapture.newBuilder()
                                        .setSessionId("s0")
                                        .setStepId("of no schema")
                                        .setCapturedAt(clock.instant())
                                        .build());
                    default ->
                        CODEC.encode(StepCapture.newBuilder()
                                .setSessionId("s0")
                                .setStepId("bad")
                                .setCapturedAt(clock.instant())
                                .setAction("{no json")
                                .build());
                };
        long offset = append(partition, record(partition, new byte[] {'s'}, bad, Map.of()));
        trace.add("published " + partition.partition() + "@" + offset + " poison");
        oracle.poisoned(partition, offset);
    }

    private long append(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        SimulatedLog log = brokers.log(partition);
        if (random.nextInt(8) == 0) {
            log.skip();
        }
        return log.append(record);
    }

    private ConsumerRecord<byte[], byte[]> record(
            TopicPartition partition, byte[] key, byte[] value, Map<String, byte[]> headers) {
        RecordHeaders all = new RecordHeaders();
        new HashMap<>(headers).forEach(all::add);
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                0,
                clock.millis(),
                TimestampType.CREATE_TIME,
                key.length,
                value.length,
                key,
                value,
                all,
                Optional.empty());
    }

    static ConsumerRecord<byte[], byte[]> at(long offset, ConsumerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                offset,
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }
}
