package io.stepvault.worker.simulation;

import io.stepvault.event.BatchSource;
import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import io.stepvault.worker.commit.CommitMetadata;
import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.simulation.Source.Kind;
import io.stepvault.worker.spool.SpoolEntry;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Knows all that was published, watches every object that is written and every transaction that is committed, and finds
 * what must not be. The numbers are those of the invariants.
 */
final class Oracle {
    private static final SingleObjectCodec<BatchStored> CODEC = SingleObjectCodec.completions();

    private final Trace trace;
    private final Bucket bucket;
    private final SpoolWatch spools;
    private final Map<TopicPartition, Topic> topics = new HashMap<>();
    private final List<Topic> deletedTopics = new ArrayList<>();
    private final List<Source> captures = new ArrayList<>();
    private final Map<Source, List<Long>> sets = new HashMap<>();
    private final Set<String> deletedSessions = new HashSet<>();
    private LocalDate expiredBefore = LocalDate.MIN;
    private LocalDate thinnedOutBefore = LocalDate.MIN;
    private final Map<String, Long> lastOfLine = new HashMap<>();
    private Optional<String> disorder = Optional.empty();
    private boolean orderMayBreak;

    /** A partition of the present topic. */
    private static final class Topic {
        final TopicPartition partition;
        final String id;
        final TreeMap<Long, Source> sources = new TreeMap<>();
        final BitSet settled = new BitSet();

        Topic(TopicPartition partition, String id) {
            this.partition = partition;
            this.id = id;
        }
    }

    Oracle(Trace trace, Bucket bucket, SpoolWatch spools) {
        this.trace = trace;
        this.bucket = bucket;
        this.spools = spools;
    }

    // What is published.

    void begin(TopicPartition partition, String topicId) {
        topics.put(partition, new Topic(partition, topicId));
    }

    void published(TopicPartition partition, List<Long> offsets, StepCapture capture) {
        Source source = Source.capture(offsets, capture);
        // Of a set whose first chunks have gone already, nothing else can come.
        source.removed = offsets.stream().limit(offsets.size() - 1).anyMatch(each -> !isThere(partition, each));
        offsets.forEach(offset -> topic(partition).sources.put(offset, source));
        captures.add(source);
    }

    private boolean isThere(TopicPartition partition, long offset) {
        Source source = topic(partition).sources.get(offset);
        return source != null && !source.removed;
    }

    /** A chunk of a set of which more will come; those before it lie at the other offsets. */
    void partlyPublished(TopicPartition partition, List<Long> offsets) {
        long offset = offsets.get(offsets.size() - 1);
        Source part = Source.other(Kind.PART, offset);
        part.removed = offsets.stream().limit(offsets.size() - 1).anyMatch(each -> !isThere(partition, each));
        topic(partition).sources.put(offset, part);
        sets.put(part, List.copyOf(offsets));
    }

    void abandoned(TopicPartition partition, long offset) {
        Source part = topic(partition).sources.get(offset);
        Source abandoned = Source.other(Kind.ABANDONED, offset);
        abandoned.removed = part != null && part.removed;
        topic(partition).sources.put(offset, abandoned);
    }

    void poisoned(TopicPartition partition, long offset) {
        topic(partition).sources.put(offset, Source.other(Kind.POISON, offset));
    }

    private Topic topic(TopicPartition partition) {
        Topic topic = topics.get(partition);
        if (topic == null) {
            throw new IllegalArgumentException("no " + partition);
        }
        return topic;
    }

    /** A topic that there is, or was. */
    private Topic topic(TopicPartition partition, String id) {
        return Stream.concat(topics.values().stream(), deletedTopics.stream())
                .filter(topic -> topic.partition.equals(partition) && topic.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new Violation("there was never a " + partition + " of id " + id));
    }

    // What the world does to it.

    /** Retention removes what lies below an offset. */
    void removedBelow(TopicPartition partition, long offset, boolean wasEverCommitted) {
        Topic topic = topic(partition);
        topic.sources.headMap(offset).values().forEach(source -> remove(partition, topic, source, wasEverCommitted));
    }

    /** Without a committed offset nobody can know that anything was there. */
    private void remove(TopicPartition partition, Topic topic, Source source, boolean canBeKnown) {
        if (source.removed || topic.settled.get((int) source.last())) {
            return;
        }
        source.removed = true;
        source.isLossKnown = canBeKnown;
        // What is left of its set is only a tail.
        topic.sources.values().stream()
                .filter(other -> other.kind == Kind.PART
                        && sets.getOrDefault(other, List.of()).contains(source.last()))
                .forEach(other -> other.removed = true);
        source.kept = source.kind == Kind.CAPTURE
                && !source.isRefused()
                && (bucket.has(source) || spools.has(partition, topic.id, source.last()));
        trace.add("retention has removed " + source + (source.kept ? ", which is kept" : ""));
    }

    /** The topic was deleted, and another one created under its name. */
    void createdAgain(TopicPartition partition, String topicId) {
        Topic old = topic(partition);
        old.sources.values().forEach(source -> remove(partition, old, source, false));
        // With the topic's offsets it is forgotten how far anybody had come: what was just committed may be told again.
        old.sources.values().forEach(source -> {
            source.isLossKnown = false;
            source.mayBeTold++;
        });
        old.settled.clear();
        deletedTopics.add(old);
        begin(partition, topicId);
        orderMayBreak = true;
    }

    /** A session is deleted from now on. */
    void deleted(String session) {
        deletedSessions.add(session);
    }

    /** What was captured before a day may go. */
    void expired(LocalDate before) {
        expiredBefore = before.isAfter(expiredBefore) ? before : expiredBefore;
    }

    /** Of what was captured before a day, all but the latest revision of each step may go. */
    void thinnedOut(LocalDate before) {
        thinnedOutBefore = before.isAfter(thinnedOutBefore) ? before : thinnedOutBefore;
    }

    private boolean isDeleted(Source source) {
        return source.kind == Kind.CAPTURE
                && deletedSessions.contains(source.capture().getSessionId());
    }

    private boolean mayBeGone(Source source) {
        LocalDate day = LocalDate.ofInstant(source.capture().getCapturedAt(), ZoneOffset.UTC);
        return isDeleted(source) || day.isBefore(expiredBefore) || day.isBefore(thinnedOutBefore);
    }

    /** What is committed is not what we have committed: from an offset on, captures may be completed once more. */
    void committedWasChanged(TopicPartition partition, long offset, OffsetRuns beyond) {
        Topic topic = topic(partition);
        // Also what lies before: a batch of which it cannot be told any more is completed again as a whole.
        new HashSet<>(topic.sources.values()).forEach(source -> source.mayBeTold++);
        for (Map.Entry<Long, Source> each : topic.sources.tailMap(offset).entrySet()) {
            int at = (int) (long) each.getKey();
            if (topic.settled.get(at) && !beyond.contains(at)) {
                topic.settled.clear(at);
                // Of a set that was cut in two, only the second half comes again.
                each.getValue().removed |= each.getValue().offsets.get(0) < offset;
            }
        }
        orderMayBreak = true;
    }

    /** A file on a disk was damaged: what only it had is on the topic still, or lost. */
    void damaged(Machine machine, String file) {
        List<SpoolEntry> entries = spools.entries(machine, file);
        spools.damaged(machine, file);
        for (SpoolEntry entry : entries) {
            for (Source source : captures) {
                if (source.removed
                        && source.kept
                        && !bucket.has(source)
                        && entry.offsets().contains(source.last())) {
                    source.kept = false;
                }
            }
        }
        orderMayBreak = true;
    }

    /** What was read is to be read again, so that what came after it may be completed before it. */
    void orderMayBreak() {
        orderMayBreak = true;
    }

    // What the workers do.

    /** Every transaction as it is committed: 1, durable before done; 6, one completion; 8, poison never blocks. */
    void committed(List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> offsets) {
        records.stream()
                .filter(record -> !record.topic().equals(World.COMPLETIONS))
                .forEach(letter -> trace.add("dead letter " + header(letter, "stepvault-partition") + "@"
                        + header(letter, "stepvault-offset") + " " + header(letter, "stepvault-reason")));
        Map<Topic, List<Source>> toComplete = new HashMap<>();
        Set<Source> toLetter = new HashSet<>();
        offsets.forEach((partition, position) -> settle(partition, position, toComplete, toLetter));
        for (ProducerRecord<byte[], byte[]> record : records) {
            if (record.topic().equals(World.COMPLETIONS)) {
                completed(decode(record), toComplete);
            } else {
                lettered(record, toLetter);
            }
        }
        toComplete
                .values()
                .forEach(left -> left.forEach(source -> {
                    boolean wasTold = source.completed > 0 || source.lettered > 0 || isDeleted(source);
                    if (!wasTold && !source.removed) {
                        throw new Violation("1: " + source + " is settled, but neither completed nor dead-lettered");
                    }
                }));
        toLetter.forEach(source -> {
            if (source.lettered == 0 && !source.removed) {
                throw new Violation("8, 11: " + source + " is settled without a dead letter");
            }
        });
    }

    private static BatchStored decode(ProducerRecord<byte[], byte[]> record) {
        try {
            return CODEC.decode(record.value());
        } catch (UndecodableException e) {
            throw new Violation("6: a completion cannot be read: " + e.getMessage());
        }
    }

    private void settle(
            TopicPartition partition,
            OffsetAndMetadata position,
            Map<Topic, List<Source>> toComplete,
            Set<Source> toLetter) {
        Topic topic = deletedTopics.stream()
                .filter(deleted -> deleted.partition.equals(partition)
                        && CommitMetadata.isOfOtherTopic(position.metadata(), topic(partition).id, position.offset())
                        && CommitMetadata.decode(position.metadata(), deleted.id, position.offset())
                                .isPresent())
                .findFirst()
                .orElse(topic(partition));
        OffsetRuns beyond = CommitMetadata.decode(position.metadata(), topic.id, position.offset())
                .orElseThrow(() -> new Violation("the metadata of " + partition + "@" + position.offset()
                        + " does not belong to any topic that there was"));
        trace.add("committed " + partition.partition() + "@" + position.offset()
                + (beyond.isEmpty() ? "" : " and " + beyond.runs()));
        for (Map.Entry<Long, Source> each : topic.sources.entrySet()) {
            long offset = each.getKey();
            Source source = each.getValue();
            boolean isSettled = offset < position.offset() || beyond.contains(offset);
            boolean wasSettled = topic.settled.get((int) offset);
            if (wasSettled && !isSettled) {
                throw new Violation("6: " + source + " was settled, and is not any more");
            }
            if (wasSettled || !isSettled) {
                continue;
            }
            topic.settled.set((int) offset);
            if (source.kind == Kind.PART && !source.removed) {
                throw new Violation("1: " + source + " is settled before its set is whole");
            }
            if (source.kind != Kind.CAPTURE) {
                toLetter.add(source);
            } else if (offset == source.last()) {
                toComplete.computeIfAbsent(topic, key -> new ArrayList<>()).add(source);
            }
        }
    }

    private void completed(BatchStored completion, Map<Topic, List<Source>> toComplete) {
        BatchSource from = completion.getSource();
        Topic topic = topic(new TopicPartition(from.getTopic(), from.getPartition()), from.getTopicId());
        String session = completion.getSessionId();
        List<Source> open = toComplete.getOrDefault(topic, List.of());
        for (CompletedStep step : completion.getSteps()) {
            String id = Source.id(session, step.getStepId(), step.getRevision());
            trace.add("completed " + id);
            if (!bucket.everHad(id)) {
                throw new Violation("1, 6: " + id + " is completed before it is readable");
            }
            Source source = open.stream()
                    .filter(each -> each.id().equals(id))
                    .min(Comparator.comparing(each -> each.removed || each.completed > 0))
                    .or(() -> toldAgain(topic, id))
                    .orElseThrow(() -> new Violation(
                            "6: " + id + " is completed by a transaction that does not settle it," + " or twice"));
            open.remove(source);
            if (++source.completed > source.mayBeTold) {
                throw new Violation("6: " + source + " is completed twice");
            }
        }
        String line = topic.id + " " + topic.partition + "/" + session;
        Long before = lastOfLine.put(line, completion.getSource().getFirstOffset());
        if (before != null && before >= completion.getSource().getFirstOffset() && disorder.isEmpty()) {
            disorder = Optional.of("3: the completion of " + line + " from "
                    + completion.getSource().getFirstOffset() + " on comes after that from " + before + " on");
        }
    }

    /** A capture that may be completed once more, because somebody has changed what was committed. */
    private static Optional<Source> toldAgain(Topic topic, String id) {
        return topic.sources.values().stream()
                .filter(source -> source.kind == Kind.CAPTURE
                        && source.completed > 0
                        && source.completed < source.mayBeTold
                        && source.id().equals(id))
                .findFirst();
    }

    private void lettered(ProducerRecord<byte[], byte[]> record, Set<Source> toLetter) {
        TopicPartition partition = new TopicPartition(
                header(record, "stepvault-source-topic"), Integer.parseInt(header(record, "stepvault-partition")));
        long offset = Long.parseLong(header(record, "stepvault-offset"));
        String reason = header(record, "stepvault-reason");
        Source source = topic(partition, header(record, "stepvault-source-topic-id"))
                .sources
                .get(offset);
        if (source == null) {
            throw new Violation("6: a dead letter of " + partition + "@" + offset + ", where nothing lies");
        }
        boolean isDue =
                source.kind == Kind.POISON || source.kind == Kind.ABANDONED || source.isRefused() || source.removed;
        if (!isDue) {
            throw new Violation("8: " + source + " is a dead letter (" + reason + "), and nothing is wrong with it");
        }
        if (++source.lettered > source.mayBeTold * source.offsets.size()) {
            throw new Violation("6: " + source + " is a dead letter twice");
        }
        toLetter.remove(source);
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    // What is checked at the end.

    /** Every capture that must be readable by now, the latest of each step last. */
    List<Source> expected() {
        for (Source source : captures) {
            boolean isDead = source.isRefused();
            if (!isDead && !source.removed && !bucket.has(source) && !mayBeGone(source)) {
                throw new Violation("1: " + source + " is not stored");
            }
            if (source.removed && source.kept && !bucket.everHad(source.id()) && !isDeleted(source)) {
                throw new Violation("1: " + source + " was kept when the topic lost it, and is not stored");
            }
            if (!isDead && !source.removed && source.completed == 0 && !isDeleted(source)) {
                throw new Violation("6: " + source + " is not completed");
            }
            if (isDead && !source.removed && source.lettered == 0 && !isDeleted(source)) {
                throw new Violation("8: " + source + " is not dead-lettered");
            }
        }
        topics.forEach((partition, topic) -> topic.sources.forEach((offset, source) -> {
            if (!source.removed && !topic.settled.get((int) (long) offset)) {
                throw new Violation("1: " + source + " is not settled");
            }
        }));
        if (!orderMayBreak && disorder.isPresent()) {
            throw new Violation(disorder.get());
        }
        return captures.stream()
                .filter(source -> bucket.has(source) && !isDeleted(source))
                .toList();
    }

    /**
     * Whether a file cannot leave a disk, because only the partition's owner may dead-letter what the store refuses of it;
     * all else that it holds must be in the store by then.
     */
    boolean isStuck(String file, Machine machine) {
        List<Source> held = spools.entries(machine, file).stream()
                .flatMap(entry -> {
                    Map<Long, Source> sources =
                            topic(entry.origin().partition(), entry.origin().topicId()).sources;
                    return entry.offsets().stream().map(sources::get);
                })
                .filter(Objects::nonNull)
                .toList();
        return held.stream().anyMatch(Source::isRefused)
                && held.stream()
                        .allMatch(source -> source.isRefused() || bucket.everHad(source.id()) || isDeleted(source));
    }

    /**
     * Whether a commit record may lack its artifacts: it was on its way when its writer died and what it had written was
     * removed, and nobody can be given the capture again.
     */
    boolean mayBeHalf(Source source) {
        return source.removed && bucket.wasThinned(source);
    }

    /** How many captures were lost with the topic, and nobody had them. */
    long lost() {
        return captures.stream()
                .filter(source -> source.isLossKnown
                        && !source.kept
                        && !source.isRefused()
                        && !bucket.everHad(source.id())
                        && !isDeleted(source))
                .count();
    }

    /** The sessions of which nothing may be found, and nothing may be left. */
    Set<String> deletedSessions() {
        deletedSessions.forEach(session -> bucket.anyOf(session).ifPresent(key -> {
            throw new Violation("11: " + key + " is left of a deleted session");
        }));
        return deletedSessions;
    }
}
