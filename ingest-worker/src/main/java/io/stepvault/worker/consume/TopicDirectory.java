package io.stepvault.worker.consume;

/** Looks topics up on the cluster. */
@FunctionalInterface
public interface TopicDirectory {
    /** Looks the source topic up. May block for a few seconds; throws nothing. */
    Lookup find(String topic);

    /** What came of looking a topic up. */
    sealed interface Lookup {
        /** The topic is there, under this id of Kafka's, on the cluster of that id. */
        record Found(String topicId, String clusterId) implements Lookup {}

        /** Not now: the brokers do not answer, the topic is not there, or may not be seen. */
        record NotYet(String why) implements Lookup {}

        /** The topic must not be consumed. */
        record Refused(String why) implements Lookup {}
    }
}
