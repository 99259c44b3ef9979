package io.stepvault.worker.consume;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** A consumer that counts its fetches as Kafka's does; while no broker answers, its lag is that of the last answer. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // what is overridden locks by itself
final class AnsweredConsumer extends MockConsumer<byte[], byte[]> {
    private static final MetricName FETCHES =
            new MetricName("fetch-total", "consumer-fetch-manager-metrics", "", Map.of());

    volatile boolean brokersAnswer = true;
    private volatile double fetches;

    AnsweredConsumer() {
        super("none");
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        if (brokersAnswer) {
            answered();
        }
        return records;
    }

    void answered() {
        synchronized (this) {
            fetches++;
        }
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of(FETCHES, new Metric() {
            @Override
            public MetricName metricName() {
                return FETCHES;
            }

            @Override
            public @Nullable Object metricValue() {
                return fetches;
            }
        });
    }
}
