package io.stepvault.worker.deadletter;

import io.stepvault.worker.deadletter.StoredDeadLetter.State;
import io.stepvault.worker.flow.SourceRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Sends dead letters through the pipeline again, each once: a letter's records and its marker go in one transaction. The
 * producer's {@code transactional.id} is the same for every redrive of a dead-letter topic, and it is initialised before
 * the markers are read: so another redrive that is still running is ended, by then all that it did is marked, and no two
 * can send the same letter. After a failure that leaves open whether a transaction was committed, a new producer settles
 * it and the markers are read again.
 *
 * <p>Only one thread may use it, once.
 */
public final class Redrive {
    private static final int MAX_LETTERS = 100;
    private static final long MAX_BYTES = 8L * 1024 * 1024;
    private static final int MAX_RESTARTS = 3;

    private final String topic;
    private final DeadLetterReader reader;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final RedriveTarget.Lookup targets;
    private final RedriveListener listener;

    /** Those of which it is not known whether they were sent, until the markers are read. */
    private final Map<LetterSource.Id, StoredDeadLetter> unsure = new LinkedHashMap<>();

    private final Set<LetterSource.Id> settled = new HashSet<>();

    /**
     * A redrive of the dead-letter topic {@code topic}.
     *
     * @param producers make transactional producers, all with the same transactional id; each is closed here
     */
    public Redrive(
            String topic,
            DeadLetterReader reader,
            Supplier<Producer<byte[], byte[]>> producers,
            RedriveTarget.Lookup targets,
            RedriveListener listener) {
        this.topic = topic;
        this.reader = reader;
        this.producers = producers;
        this.targets = targets;
        this.listener = listener;
    }

    /** The {@code transactional.id} of every redrive of a dead-letter topic. */
    public static String transactionalId(String topic) {
        return "stepvault-redrive-" + topic;
    }

    /**
     * Redrives what {@code selection} takes of all letters; of that, what waits. Ends early if the listener wants that.
     *
     * @throws RedriveTakenOverException if another redrive has begun
     * @throws KafkaException if the brokers go on failing, or refuse this client
     */
    public void run(Function<DeadLetterIndex, List<StoredDeadLetter>> selection) {
        for (int restarts = 0; ; restarts++) {
            int before = settled.size();
            try (Producer<byte[], byte[]> producer = producers.get()) {
                producer.initTransactions();
                DeadLetterIndex index = reader.scan(Optional.empty());
                settleUnsure(index);
                redrive(selection.apply(index), new RedriveTransactions(producer));
                return;
            } catch (InterruptException e) {
                throw e;
            } catch (KafkaException e) {
                if (isTakenOver(e)) {
                    throw new RedriveTakenOverException(e);
                }
                restarts = settled.size() > before ? 0 : restarts;
                if (restarts >= MAX_RESTARTS) {
                    throw e;
                }
            }
        }
    }

    private void settleUnsure(DeadLetterIndex index) {
        for (StoredDeadLetter letter : index.letters()) {
            StoredDeadLetter before = unsure.remove(letter.source().id());
            if (before != null && letter.state() == State.REDRIVEN) {
                sent(letter);
            }
        }
    }

    private void redrive(List<StoredDeadLetter> selected, RedriveTransactions transactions) {
        List<StoredDeadLetter> group = new ArrayList<>();
        List<List<ProducerRecord<byte[], byte[]>>> records = new ArrayList<>();
        long bytes = 0;
        for (StoredDeadLetter letter : inOrder(selected)) {
            if (!listener.wantsMore()) {
                break;
            }
            Optional<List<ProducerRecord<byte[], byte[]>>> loaded = load(letter);
            if (loaded.isEmpty()) {
                continue;
            }
            long more = bytesOf(loaded.get());
            if (group.size() == MAX_LETTERS || (!group.isEmpty() && bytes + more > MAX_BYTES)) {
                send(group, records, transactions);
                bytes = 0;
            }
            group.add(letter);
            records.add(loaded.get());
            bytes += more;
        }
        send(group, records, transactions);
    }

    /**
     * As they lie, which costs one pass over the topic and keeps each session's order; but chunks of captures at the end,
     * in the order in which they once came, since without a key they may lie anywhere.
     */
    private List<StoredDeadLetter> inOrder(List<StoredDeadLetter> selected) {
        Comparator<StoredDeadLetter> chunksLast =
                Comparator.comparing(letter -> letter.payload().isChunk());
        Comparator<StoredDeadLetter> asTheyCame = Comparator.comparing(
                        (StoredDeadLetter letter) -> letter.source().id().topicId())
                .thenComparing(letter -> letter.source().id().partition())
                .thenComparing(letter -> letter.source().id().offset());
        return selected.stream()
                .filter(letter -> letter.state() != State.REDRIVEN)
                .filter(letter -> !settled.contains(letter.source().id()))
                .sorted(chunksLast.thenComparing((a, b) -> a.payload().isChunk()
                        ? asTheyCame.compare(a, b)
                        : a.place().compareTo(b.place())))
                .toList();
    }

    private Optional<List<ProducerRecord<byte[], byte[]>>> load(StoredDeadLetter letter) {
        Optional<RedriveTarget> target = targets.of(letter);
        if (target.isEmpty()) {
            failed(letter, "topic " + letter.source().topic() + " is not there any more; name another with --to-topic");
            return Optional.empty();
        }
        if (!letter.headers().omitted().isEmpty()) {
            failed(letter, "its record's key or headers did not all fit into the letter; export it instead");
            return Optional.empty();
        }
        try {
            SourceRecord record = reader.load(letter);
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(RedriveFormat.records(
                    letter,
                    record,
                    target.get().topic(),
                    target.get().partition(letter.source().id())));
            records.add(RedriveFormat.marker(letter, topic, target.get().topic()));
            return Optional.of(records);
        } catch (LetterUnreadableException e) {
            failed(letter, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Sends a group and empties it; what the brokers refuse is left out, and the rest goes again. */
    private void send(
            List<StoredDeadLetter> group,
            List<List<ProducerRecord<byte[], byte[]>>> records,
            RedriveTransactions transactions) {
        while (!group.isEmpty()) {
            group.forEach(letter -> unsure.put(letter.source().id(), letter));
            Map<Integer, String> refused = transactions.send(records);
            group.forEach(letter -> unsure.remove(letter.source().id()));
            if (refused.isEmpty()) {
                group.forEach(this::sent);
                group.clear();
                records.clear();
            }
            refused.forEach((index, why) -> {
                records.remove((int) index);
                failed(group.remove((int) index), why);
            });
        }
    }

    private void sent(StoredDeadLetter letter) {
        settled.add(letter.source().id());
        listener.sent(letter);
    }

    private void failed(StoredDeadLetter letter, String why) {
        settled.add(letter.source().id());
        listener.failed(letter, why);
    }

    private static long bytesOf(List<ProducerRecord<byte[], byte[]>> records) {
        return records.stream()
                .mapToLong(record -> record.value() == null ? 0 : record.value().length)
                .sum();
    }

    private static boolean isTakenOver(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }
}
