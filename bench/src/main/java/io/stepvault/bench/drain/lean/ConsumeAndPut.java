package io.stepvault.bench.drain.lean;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The lean loop: polls, hands what it polled to the uploads, and commits every second what they have stored. It is the
 * only member of its group, so it does not prepare for losing partitions. For one thread.
 */
final class ConsumeAndPut {
    private static final Duration POLL = Duration.ofMillis(100);

    /** After so many polls without a record the topic is at its end; one can be empty because the broker is slow. */
    private static final int POLLS_AT_END = 3;

    private final Consumer<byte[], byte[]> consumer;
    private final Puts puts;
    private final Uploads uploads;
    private final StoredOffsets offsets = new StoredOffsets();
    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> open = new HashMap<>();
    private final Ticks commits = new Ticks(Duration.ofSeconds(1));
    private int emptyPolls;

    ConsumeAndPut(Consumer<byte[], byte[]> consumer, Puts puts, Uploads uploads) {
        this.consumer = consumer;
        this.puts = puts;
        this.uploads = uploads;
    }

    /** @throws IOException if a put failed: a yardstick that has to retry measures something else */
    void run(String topic) throws IOException, InterruptedException {
        consumer.subscribe(List.of(topic));
        while (true) {
            step();
        }
    }

    /** One poll, and what comes of it. */
    void step() throws IOException, InterruptedException {
        var records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            add(record);
        }
        emptyPolls = records.isEmpty() ? emptyPolls + 1 : 0;
        if (emptyPolls == POLLS_AT_END) {
            flush();
        }
        if (commits.isDue()) {
            uploads.requireHealthy();
            consumer.commitAsync(offsets.takeStored(), null);
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record) throws IOException, InterruptedException {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        List<ConsumerRecord<byte[], byte[]>> batch = open.computeIfAbsent(partition, absent -> new ArrayList<>());
        batch.add(record);
        if (batch.size() == puts.captures()) {
            put(partition, batch);
        }
    }

    /** At the topic's end, less than a full batch goes. */
    private void flush() throws IOException, InterruptedException {
        for (Map.Entry<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> batch : open.entrySet()) {
            if (!batch.getValue().isEmpty()) {
                put(batch.getKey(), batch.getValue());
            }
        }
    }

    private void put(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> batch)
            throws IOException, InterruptedException {
        List<Puts.Body> bodies =
                puts.cut(batch.stream().map(ConsumerRecord::value).toList());
        StoredOffsets.Unit unit =
                offsets.begin(partition, batch.get(batch.size() - 1).offset() + 1, bodies.size());
        String key = partition.partition() + "/" + batch.get(0).offset();
        for (Puts.Body body : bodies) {
            uploads.put(key + body.name(), body, unit);
        }
        batch.clear();
    }
}
