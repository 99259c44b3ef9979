package io.stepvault.worker.simulation;

import io.stepvault.worker.consume.TopicDirectory;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** The brokers: the source topic, the group, transactions, and what may go wrong between them and a process. */
final class SimulatedBrokers {
    static final String TOPIC = "step-captures";
    static final String CLUSTER = "cluster";
    private static final List<Trouble> TROUBLES = List.of(Trouble.values());

    final Random random;
    final Trace trace;
    final Lane network;
    final Oracle oracle;
    final SimulatedGroup group;
    final SimulatedTransactions transactions;
    private final Map<TopicPartition, SimulatedLog> logs = new LinkedHashMap<>();
    private int topicsCreated = 1;
    private boolean away;
    private int troubles;

    /** What may become of a request that ends a transaction. */
    enum Trouble {
        NONE,
        ANSWER_LOST,
        LATE,
        BROKEN_AFTER,
        BROKEN_BEFORE
    }

    SimulatedBrokers(Random random, Clock clock, Trace trace, Lane network, int partitions, Oracle oracle) {
        this.random = random;
        this.trace = trace;
        this.network = network;
        this.oracle = oracle;
        for (int i = 0; i < partitions; i++) {
            TopicPartition partition = new TopicPartition(TOPIC, i);
            logs.put(partition, new SimulatedLog(partition));
        }
        this.group = new SimulatedGroup(clock, List.copyOf(logs.keySet()));
        this.transactions = new SimulatedTransactions(clock, (records, offsets) -> {
            offsets.forEach(group.committed::put);
            oracle.committed(records, offsets);
        });
    }

    SimulatedLog log(TopicPartition partition) {
        SimulatedLog log = logs.get(partition);
        if (log == null) {
            throw new IllegalArgumentException("no partition " + partition);
        }
        return log;
    }

    List<SimulatedLog> logs() {
        return List.copyOf(logs.values());
    }

    String topicId() {
        return SimulatedLog.topicId(topicsCreated);
    }

    /** Deleted and created under its name; the group's offsets of the old one go with it. */
    void createTopicAgain() {
        topicsCreated++;
        logs.values().forEach(SimulatedLog::createAgain);
        group.committed.clear();
        group.revokeAll();
    }

    void tick() {
        if (away) {
            group.excuse();
        } else {
            group.tick();
            transactions.tick();
        }
    }

    /** All of them, or back again. */
    void goAway(boolean nowAway) {
        away = nowAway;
    }

    boolean areAway() {
        return away;
    }

    boolean isReachable(SimulatedProcess process) {
        return !away && !process.isCutOff();
    }

    /** Whether heartbeats of a process come through, which it sends on a thread of their own. */
    boolean hears(SimulatedProcess process) {
        return process.isRunning() && isReachable(process);
    }

    void reach(SimulatedProcess process, String what) {
        if (!isReachable(process)) {
            throw new TimeoutException(what + ": no broker answers");
        }
    }

    /** So many of the requests that end transactions go wrong from now on. */
    void trouble(int requests) {
        troubles = requests;
    }

    Trouble nextTrouble() {
        if (troubles == 0 || random.nextInt(3) > 0) {
            return Trouble.NONE;
        }
        troubles--;
        return TROUBLES.get(random.nextInt(TROUBLES.size()));
    }

    TopicDirectory.Lookup find(SimulatedProcess process) {
        return isReachable(process)
                ? new TopicDirectory.Lookup.Found(topicId(), CLUSTER)
                : new TopicDirectory.Lookup.NotYet("no broker answers");
    }

    Map<TopicPartition, OffsetAndMetadata> committed(SimulatedProcess process, Set<TopicPartition> partitions) {
        reach(process, "asking for committed offsets");
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        for (TopicPartition partition : partitions) {
            if (transactions.isUnstable(partition)) {
                throw new TimeoutException("the offsets of " + partition + " are not stable");
            }
            OffsetAndMetadata offset = group.committed.get(partition);
            if (offset != null) {
                found.put(partition, offset);
            }
        }
        return found;
    }
}
