package io.stepvault.worker.cli.doctor;

import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.cluster.TopicState;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.config.DurationText;
import io.stepvault.worker.config.TopicsConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;

/** Looks at the three topics and at what this client may do with them. Used by one thread. */
final class TopicCheck {
    private static final Duration SHORT = Duration.ofDays(1);

    /** What an untouched broker takes, and so what producers send at most. */
    private static final long USUAL_MESSAGE_BYTES = 1_048_588;

    private final Cluster cluster;
    private final TopicsConfig topics;

    TopicCheck(Cluster cluster, TopicsConfig topics) {
        this.cluster = cluster;
        this.topics = topics;
    }

    List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(captures());
        findings.add(events());
        findings.add(deadLetters());
        return findings;
    }

    private Finding captures() {
        String name = topics.captures();
        return look("captures", name, Set.of(AclOperation.READ, AclOperation.DESCRIBE), state -> {
            if (state.isCompacted()) {
                return Optional.of(Finding.fail(
                        "captures",
                        describe(state) + ": compaction would lose steps, and workers refuse it",
                        "set cleanup.policy=delete, or name another topic in topic.captures"));
            }
            if (state.retention().filter(kept -> kept.compareTo(SHORT) < 0).isPresent()) {
                return Optional.of(Finding.warn(
                        "captures",
                        describe(state) + ": captures that wait longer are lost",
                        "raise retention.ms to the longest outage that you want to survive"));
            }
            return smallMessages("captures", state);
        });
    }

    private Finding events() {
        return look("completions", topics.completions(), Set.of(AclOperation.WRITE, AclOperation.DESCRIBE), state -> {
            if (state.isCompacted()) {
                return Optional.of(Finding.warn(
                        "completions",
                        describe(state) + ": compaction keeps only the last event of a session",
                        "set cleanup.policy=delete"));
            }
            return tooSmallMessages("completions", state);
        });
    }

    private Finding deadLetters() {
        return look("dead letters", topics.deadLetters(), Set.of(AclOperation.WRITE, AclOperation.DESCRIBE), state -> {
            if (state.isCompacted()) {
                return Optional.of(Finding.warn(
                        "dead letters", describe(state) + ": compaction would lose some", "set cleanup.policy=delete"));
            }
            return tooSmallMessages("dead letters", state);
        });
    }

    private static Optional<Finding> smallMessages(String subject, TopicState state) {
        return state.maxMessageBytes().orElse(USUAL_MESSAGE_BYTES) < USUAL_MESSAGE_BYTES
                ? Optional.of(Finding.warn(
                        subject,
                        describe(state) + ": records of 1 MiB do not fit",
                        "raise max.message.bytes to " + USUAL_MESSAGE_BYTES))
                : Optional.empty();
    }

    /** What does not fit would keep its partition from going on. */
    private static Optional<Finding> tooSmallMessages(String subject, TopicState state) {
        return smallMessages(subject, state)
                .map(finding -> new Finding(Finding.Status.FAIL, subject, finding.detail(), finding.mend()));
    }

    /** Finds something amiss with a topic that is there. */
    private interface Rule {
        Optional<Finding> check(TopicState state);
    }

    private Finding look(String subject, String topic, Set<AclOperation> needed, Rule rule) {
        Optional<TopicState> found;
        try {
            found = TopicState.find(cluster, topic);
        } catch (AuthorizationException e) {
            return Finding.fail(subject, "this client may not see topic " + topic, "grant it DESCRIBE on the topic");
        }
        if (found.isEmpty()) {
            return Finding.fail(
                    subject, "topic " + topic + " does not exist", "create it with `stepvault topics create`");
        }
        TopicState state = found.get();
        Set<AclOperation> missing = new TreeSet<>(needed);
        missing.removeAll(state.operations());
        if (!state.operations().isEmpty() && !missing.isEmpty()) {
            return Finding.fail(
                    subject, "this client lacks the right to " + missing + " topic " + topic, "grant it on the topic");
        }
        return rule.check(state).orElseGet(() -> Finding.ok(subject, describe(state) + rights(state)));
    }

    private static String rights(TopicState state) {
        return state.operations().isEmpty() ? "; the brokers don't tell rights" : "; rights ok";
    }

    private static String describe(TopicState state) {
        if (state.settings().isEmpty()) {
            return "topic " + state.name() + " with " + Amounts.count(state.partitions(), "partition")
                    + "; its configuration may not be read (grant DESCRIBE_CONFIGS to have it checked)";
        }
        return "topic " + state.name() + " with " + Amounts.count(state.partitions(), "partition") + ", "
                + Amounts.count(state.replicas(), "replica") + ", cleanup.policy " + state.cleanupPolicy() + ", kept "
                + state.retention().map(DurationText::format).orElse("for ever") + ", max.message.bytes "
                + state.maxMessageBytes().orElse(0);
    }
}
