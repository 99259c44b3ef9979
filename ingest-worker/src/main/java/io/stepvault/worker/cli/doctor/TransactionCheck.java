package io.stepvault.worker.cli.doctor;

import io.stepvault.worker.cli.cluster.BrokerSettings;
import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.cluster.ClusterException;
import io.stepvault.worker.config.Delivery;
import io.stepvault.worker.config.DurationText;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/** Looks at whether the brokers will run our transactions and keep our offsets' metadata. Used by one thread. */
final class TransactionCheck {
    private static final String SUBJECT = "transactions";

    /** What a worker writes beside an offset is up to 4,000 bytes. */
    private static final long METADATA_BYTES = 4096;

    /** Nobody has it; the brokers say so, once they can run transactions at all. */
    private static final String NOBODYS_ID = "stepvault-doctor";

    private final Cluster cluster;
    private final BrokerSettings brokers;
    private final Delivery delivery;
    private final Duration timeout;

    TransactionCheck(Cluster cluster, BrokerSettings brokers, Delivery delivery, Duration timeout) {
        this.cluster = cluster;
        this.brokers = brokers;
        this.delivery = delivery;
        this.timeout = timeout;
    }

    Finding look() {
        Optional<Finding> amiss = metadata(brokers);
        if (delivery == Delivery.EXACTLY_ONCE) {
            amiss = amiss.or(() -> timeout(brokers, timeout)).or(this::coordinator);
        }
        return amiss.orElseGet(() -> Finding.ok(
                SUBJECT,
                delivery == Delivery.EXACTLY_ONCE
                        ? "the brokers run them; transaction.timeout.ms " + DurationText.format(timeout)
                        : "not used, since completions.delivery is at-least-once"));
    }

    static Optional<Finding> metadata(BrokerSettings brokers) {
        return brokers.number("offset.metadata.max.bytes")
                .filter(most -> most < METADATA_BYTES)
                .map(most -> Finding.fail(
                        SUBJECT,
                        "the brokers' offset.metadata.max.bytes is " + most
                                + ": they would refuse what a worker writes beside its offsets",
                        "set it to " + METADATA_BYTES + " (Kafka's default) or more on all brokers"));
    }

    static Optional<Finding> timeout(BrokerSettings brokers, Duration timeout) {
        return brokers.millis("transaction.max.timeout.ms")
                .filter(most -> most.compareTo(timeout) < 0)
                .map(most -> Finding.fail(
                        SUBJECT,
                        "transaction.timeout.ms (" + DurationText.format(timeout)
                                + ") is more than the brokers' transaction.max.timeout.ms ("
                                + DurationText.format(most) + ")",
                        "lower kafka.producer.transaction.timeout.ms, or raise that"));
    }

    private Optional<Finding> coordinator() {
        try {
            cluster.get(cluster.admin().describeTransactions(Set.of(NOBODYS_ID)).description(NOBODYS_ID));
            return Optional.empty();
        } catch (TransactionalIdNotFoundException e) {
            return Optional.empty(); // as it should be
        } catch (AuthorizationException e) {
            return Optional.of(Finding.warn(
                    SUBJECT,
                    "this client may not DESCRIBE transactional ids that begin with stepvault-",
                    "grant a worker DESCRIBE and WRITE on them, prefixed"));
        } catch (ClusterException e) {
            return Optional.of(Finding.fail(
                    SUBJECT,
                    "no broker coordinates them",
                    "look at the brokers' log; transaction.state.log.replication.factor and .min.isr must not be more"
                            + " than there are brokers"));
        }
    }
}
