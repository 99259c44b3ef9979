package io.stepvault.worker.consume;

/** Another worker is in the group under this one's {@code group.instance.id}; the message says what to do. */
public final class InstanceIdTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InstanceIdTakenException(String instanceId, Throwable cause) {
        super(
                "another worker uses the same kafka.consumer.group.instance.id, " + instanceId
                        + ": stop that worker, or give each worker an id of its own and start this one again",
                cause);
    }
}
