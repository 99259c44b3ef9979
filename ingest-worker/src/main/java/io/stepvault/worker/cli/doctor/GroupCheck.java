package io.stepvault.worker.cli.doctor;

import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.config.KafkaConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks at the workers' consumer group: who is in it, and how far it has read. Used by one thread. */
final class GroupCheck {
    private static final String SUBJECT = "group";

    private final Cluster cluster;
    private final KafkaConfig kafka;

    /** Offsets of the whole topic: how many records are not read yet, and how many went unread. */
    private record Position(boolean hasCommitted, long lag, long lost) {}

    GroupCheck(Cluster cluster, KafkaConfig kafka) {
        this.cluster = cluster;
        this.kafka = kafka;
    }

    List<Finding> look() {
        String group = kafka.groupId();
        try {
            Optional<ConsumerGroupDescription> described = describe(group);
            if (described.filter(GroupCheck::mayNotRead).isPresent()) {
                return List.of(
                        Finding.fail(SUBJECT, "this client may not READ group " + group, "grant it READ on the group"));
            }
            return List.of(finding(group, described, position(group)));
        } catch (AuthorizationException e) {
            return List.of(
                    Finding.fail(SUBJECT, "this client may not see group " + group, "grant it READ on the group"));
        } catch (UnknownTopicOrPartitionException e) {
            return List.of(); // told as the topic's own finding
        }
    }

    private static Finding finding(String group, Optional<ConsumerGroupDescription> described, Position position) {
        int members = described.map(found -> found.members().size()).orElse(0);
        String who = members == 0 ? "no worker runs" : Amounts.count(members, "worker") + " in it";
        if (position.lost() > 0) {
            return Finding.fail(
                    SUBJECT,
                    group + ": retention has removed " + Amounts.count(position.lost(), "record")
                            + " that it had not read; " + who,
                    "publish them again if you can, and raise the topic's retention.ms");
        }
        if (!position.hasCommitted()) {
            return Finding.ok(
                    SUBJECT,
                    group + " has committed nothing yet and begins with the earliest record; "
                            + Amounts.count(position.lag(), "record") + " there; " + who);
        }
        String detail = group + ": " + who + ", " + Amounts.count(position.lag(), "record") + " behind";
        return members == 0 && position.lag() > 0
                ? Finding.warn(SUBJECT, detail, "start a worker: stepvault worker")
                : Finding.ok(SUBJECT, detail);
    }

    private Optional<ConsumerGroupDescription> describe(String group) {
        DescribeConsumerGroupsOptions options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        try {
            return Optional.ofNullable(cluster.get(cluster.admin()
                                    .describeConsumerGroups(Set.of(group), options)
                                    .all())
                            .get(group))
                    .filter(found -> found.groupState() != GroupState.DEAD);
        } catch (GroupIdNotFoundException e) {
            return Optional.empty();
        }
    }

    private static boolean mayNotRead(ConsumerGroupDescription group) {
        Set<AclOperation> operations = group.authorizedOperations();
        return operations != null && !operations.isEmpty() && !operations.contains(AclOperation.READ);
    }

    private Position position(String group) {
        Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        String topic = kafka.topics().captures();
        cluster.get(cluster.admin().describeTopics(Set.of(topic)).allTopicNames())
                .values()
                .forEach(description -> description.partitions().forEach(partition -> {
                    earliest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.earliest());
                    latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
                }));
        Map<TopicPartition, ListOffsetsResultInfo> starts =
                cluster.get(cluster.admin().listOffsets(earliest).all());
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                cluster.get(cluster.admin().listOffsets(latest).all());
        Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
        boolean any = false;
        long lag = 0;
        long lost = 0;
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
            ListOffsetsResultInfo start = starts.get(end.getKey());
            long first = start == null ? 0 : start.offset();
            OffsetAndMetadata position = committed.get(end.getKey());
            any = any || position != null;
            long next = position == null ? first : position.offset();
            lost += Math.max(0, first - next);
            lag += Math.max(0, end.getValue().offset() - Math.max(first, next));
        }
        return new Position(any, lag, lost);
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        try {
            return cluster.get(cluster.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        } catch (GroupIdNotFoundException e) {
            return Map.of();
        }
    }
}
