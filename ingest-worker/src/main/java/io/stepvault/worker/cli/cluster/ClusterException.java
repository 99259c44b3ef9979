package io.stepvault.worker.cli.cluster;

import org.jspecify.annotations.Nullable;

/** The cluster, or a topic on it, cannot be used. The message says which brokers or which topic, why, and the mend. */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean unreachable;

    private ClusterException(String message, @Nullable Throwable cause, boolean unreachable) {
        super(message, cause);
        this.unreachable = unreachable;
    }

    static ClusterException unreachable(String servers, String why, @Nullable Throwable cause) {
        return new ClusterException(
                "cannot reach the brokers at " + servers + ": " + why
                        + "; check --bootstrap or kafka.bootstrap.servers, and that the brokers run",
                cause,
                true);
    }

    static ClusterException refused(String servers, @Nullable Throwable cause) {
        return new ClusterException(
                "the brokers at " + servers + " do not let this client in: "
                        + (cause == null ? "" : cause.getMessage())
                        + "; check kafka.security.protocol, kafka.sasl.* and kafka.ssl.*",
                cause,
                false);
    }

    /** There is no such topic. */
    public static ClusterException noTopic(String servers, String topic) {
        return new ClusterException(
                "topic " + topic + " does not exist on " + servers
                        + "; create it with `stepvault topics create`, or name another with --topic",
                null,
                false);
    }

    /** Whether no broker answered, which may change by waiting. */
    public boolean isUnreachable() {
        return unreachable;
    }
}
