package io.stepvault.worker.spool;

import org.apache.kafka.common.TopicPartition;

/**
 * Where the captures of a spooled batch came from. Offsets mean something only together with the ids: a topic that was
 * created again, or a cluster that was, counts them anew.
 *
 * @param clusterId Kafka's id of the cluster
 * @param topicId Kafka's id of the topic
 */
public record BatchOrigin(String clusterId, String topicId, TopicPartition partition) {}
