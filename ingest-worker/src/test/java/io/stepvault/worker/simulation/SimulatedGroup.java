package io.stepvault.worker.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The coordinator of the consumer group. A rebalance is cooperative: who has to give a partition up does so at its next
 * poll, in good order, and only then somebody else gets it. Who is not heard of for the session timeout, or does not
 * poll, is dropped with all it has, and learns of it when it polls again.
 */
final class SimulatedGroup {
    static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(60);

    private final Clock clock;
    private final List<TopicPartition> partitions;
    private final Map<String, Member> members = new LinkedHashMap<>();
    final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private int epoch;
    private int joins;

    /** A member as the coordinator knows it. */
    final class Member {
        final String id;
        int epoch;
        final Set<TopicPartition> owned = new HashSet<>();
        final Set<TopicPartition> target = new HashSet<>();
        /** What it owns of a topic that is gone. */
        final Set<TopicPartition> stale = new HashSet<>();

        private final BooleanSupplier isHeard;
        private Instant lastHeard = clock.instant();
        private Instant lastPoll = clock.instant();

        private Member(String id, BooleanSupplier isHeard) {
            this.id = id;
            this.isHeard = isHeard;
        }

        /** It has given up what it had to: only then it is of the present generation. */
        void hasRevoked(Set<TopicPartition> revoked) {
            owned.removeAll(revoked);
            stale.removeAll(revoked);
        }

        void catchUp() {
            if (toRevoke().isEmpty()) {
                epoch = SimulatedGroup.this.epoch;
            }
        }

        boolean isKnown() {
            return members.get(id) == this;
        }

        void polls() {
            lastPoll = clock.instant();
        }

        Set<TopicPartition> toRevoke() {
            Set<TopicPartition> revoked = new HashSet<>(owned);
            revoked.removeAll(target);
            revoked.addAll(stale);
            return revoked;
        }

        Set<TopicPartition> toAssign() {
            Set<TopicPartition> assigned = new HashSet<>(target);
            members.values().forEach(member -> assigned.removeAll(member.owned));
            return assigned;
        }
    }

    SimulatedGroup(Clock clock, List<TopicPartition> partitions) {
        this.clock = clock;
        this.partitions = partitions;
    }

    Member join(String worker, BooleanSupplier isHeard) {
        Member member = new Member(worker + "-" + joins++, isHeard);
        members.put(member.id, member);
        retarget();
        return member;
    }

    void leave(Member member) {
        if (members.remove(member.id, member)) {
            retarget();
        }
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    boolean isCurrent(String memberId, int memberEpoch) {
        Member member = members.get(memberId);
        return member != null && member.epoch == memberEpoch;
    }

    /** Drops who is not heard of any more. */
    void tick() {
        Instant now = clock.instant();
        List<Member> gone = new ArrayList<>();
        for (Member member : members.values()) {
            if (member.isHeard.getAsBoolean()) {
                member.lastHeard = now;
            }
            if (member.lastHeard.plus(SESSION_TIMEOUT).isBefore(now)
                    || member.lastPoll.plus(POLL_INTERVAL).isBefore(now)) {
                gone.add(member);
            }
        }
        if (!gone.isEmpty()) {
            gone.forEach(member -> members.remove(member.id));
            retarget();
        }
    }

    /** The brokers were away, all of them: nobody is late because of that. */
    void excuse() {
        Instant now = clock.instant();
        members.values().forEach(member -> {
            member.lastHeard = now;
            member.lastPoll = now;
        });
    }

    /** Every member has to give everything up and gets it again, as when the topic was created again. */
    void revokeAll() {
        epoch++;
        members.values().forEach(member -> member.stale.addAll(member.owned));
    }

    /** Spreads the partitions over the members, each left where it is if that is fair. */
    void retarget() {
        epoch++;
        Map<TopicPartition, Member> owners = new HashMap<>();
        members.values().forEach(member -> member.target.forEach(partition -> owners.put(partition, member)));
        members.values().forEach(member -> member.target.clear());
        if (members.isEmpty()) {
            return;
        }
        int fair = (partitions.size() + members.size() - 1) / members.size();
        List<TopicPartition> left = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            Member owner = owners.get(partition);
            if (owner != null && owner.target.size() < fair) {
                owner.target.add(partition);
            } else {
                left.add(partition);
            }
        }
        for (TopicPartition partition : left) {
            members.values().stream()
                    .min((one, other) -> Integer.compare(one.target.size(), other.target.size()))
                    .orElseThrow()
                    .target
                    .add(partition);
        }
    }
}
