package io.stepvault.bench.takeover;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;

/** Who is in a consumer group. For one thread. */
final class GroupMembers {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Admin admin;
    private final String group;

    GroupMembers(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    /** The id of the only member, once it has partitions. */
    String awaitOnly() throws InterruptedException {
        return await(1).iterator().next().consumerId();
    }

    /** The partitions of a member, once it shares them with another. */
    Set<TopicPartition> awaitShareOf(String id) throws InterruptedException {
        return await(2).stream()
                .filter(member -> member.consumerId().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(id + " has left the group"))
                .assignment()
                .topicPartitions();
    }

    private Collection<MemberDescription> await(int members) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            Collection<MemberDescription> all = members();
            if (all.size() == members
                    && all.stream()
                            .noneMatch(member ->
                                    member.assignment().topicPartitions().isEmpty())) {
                return all;
            }
            Thread.sleep(POLL.toMillis());
        }
        throw new IllegalStateException("the group " + group + " did not come to " + members + " members");
    }

    private Collection<MemberDescription> members() throws InterruptedException {
        try {
            return admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .values()
                    .iterator()
                    .next()
                    .get()
                    .members();
        } catch (ExecutionException e) {
            return List.of(); // not there yet
        }
    }
}
