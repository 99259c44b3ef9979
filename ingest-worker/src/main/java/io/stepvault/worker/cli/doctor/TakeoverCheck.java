package io.stepvault.worker.cli.doctor;

import io.stepvault.worker.cli.cluster.BrokerSettings;
import io.stepvault.worker.config.Delivery;
import io.stepvault.worker.config.DurationText;
import io.stepvault.worker.config.WorkerConfig;
import java.time.Duration;
import java.util.Optional;

/** Says how soon others go on with the partitions of a worker that was killed. Stateless but for what it is given. */
final class TakeoverCheck {
    private static final String SUBJECT = "takeover";
    private static final Duration SLOW = Duration.ofSeconds(10);
    private static final Duration KAFKAS_SESSION_TIMEOUT = Duration.ofSeconds(45);
    private static final Duration KAFKAS_ABORT_INTERVAL = Duration.ofSeconds(10);

    private final BrokerSettings brokers;

    TakeoverCheck(BrokerSettings brokers) {
        this.brokers = brokers;
    }

    Finding look(WorkerConfig config) {
        Optional<Duration> own = config.kafka().sessionTimeout();
        Optional<Duration> theirs = brokers.millis("group.consumer.session.timeout.ms");
        Duration session = own.or(() -> theirs).orElse(KAFKAS_SESSION_TIMEOUT);
        String detail = "a killed worker's partitions move after " + DurationText.format(session)
                + (config.commit().delivery() == Delivery.EXACTLY_ONCE ? inTransaction(config, session) : "");
        boolean isSlow = session.compareTo(SLOW) > 0;
        if (config.kafka().groupInstanceId().isPresent()) {
            return staticMember(config.kafka().groupInstanceId().get(), detail, isSlow);
        }
        if (!isSlow) {
            return Finding.ok(SUBJECT, detail);
        }
        return own.isPresent()
                ? Finding.warn(SUBJECT, detail, "lower kafka.consumer.session.timeout.ms")
                : Finding.warn(
                        SUBJECT,
                        detail + ", by " + (theirs.isPresent() ? "the brokers'" : "Kafka's default for")
                                + " group.consumer.session.timeout.ms",
                        "lower that and group.consumer.min.session.timeout.ms on the brokers, or use"
                                + " group.protocol=classic");
    }

    /** What is late for a takeover is what a static member wants: the time to come back. */
    private static Finding staticMember(String id, String detail, boolean hasTime) {
        String told = detail + "; one that is restarted sooner keeps them, as " + id + ", an id that no other may have";
        return hasTime
                ? Finding.ok(SUBJECT, told)
                : Finding.warn(
                        SUBJECT,
                        told,
                        "raise the session timeout to what a restart takes, or leave out"
                                + " kafka.consumer.group.instance.id");
    }

    private String inTransaction(WorkerConfig config, Duration session) {
        Duration aborted = config.kafka()
                .transactionTimeout()
                .plus(brokers.millis("transaction.abort.timed.out.transaction.cleanup.interval.ms")
                        .orElse(KAFKAS_ABORT_INTERVAL));
        Duration longest = aborted.compareTo(session) > 0 ? aborted : session;
        return "; killed inside a transaction, after up to " + DurationText.format(longest);
    }
}
