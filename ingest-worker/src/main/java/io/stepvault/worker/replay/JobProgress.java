package io.stepvault.worker.replay;

import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where it is kept how far a job has come, besides the commits of its pipeline. Called on the pipeline's thread. */
public interface JobProgress {
    /** How far the job has come in a partition, if that is kept elsewhere than in its consumer group. */
    Optional<OffsetAndMetadata> committed(TopicPartition partition);

    /**
     * Keeps where a partition's range begins and ends, before anything of it is read. May block for some seconds.
     *
     * @throws KafkaException if that fails; to be tried again
     */
    void begin(TopicPartition partition, OffsetAndMetadata first);
}
