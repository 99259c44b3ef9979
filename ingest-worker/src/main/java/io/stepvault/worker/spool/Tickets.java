package io.stepvault.worker.spool;

import static java.util.Objects.requireNonNull;

import io.stepvault.worker.flow.Assignment;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All batches on the disk, by file and by what they wait for: to be drained, for their turn on the topic, or for a time.
 * Pure; only the pipeline's thread may touch it.
 */
final class Tickets {
    private final TreeMap<String, Set<Ticket>> files = new TreeMap<>();
    private final TreeSet<Ticket> waiting = new TreeSet<>(Ticket.BY_AGE);
    // Adopted, but not yet come to on the topic: completed now, they would get ahead of records before them.
    private final Map<Assignment, TreeSet<Ticket>> ahead = new HashMap<>();
    private final PriorityQueue<Ticket> backingOff =
            new PriorityQueue<>(Comparator.comparing((Ticket ticket) -> ticket.notBefore));
    private int batches;
    private int setAside;
    private long bytesInMemory;

    /** Takes note of a batch that lies on the disk. */
    Ticket enter(SpoolEntry entry) {
        Ticket ticket = new Ticket(entry);
        files.computeIfAbsent(entry.file(), file -> new HashSet<>()).add(ticket);
        waiting.add(ticket);
        batches++;
        bytesInMemory += ticket.bytesInMemory();
        return ticket;
    }

    /** All of them; none may come or go meanwhile. */
    Stream<Ticket> all() {
        return files.values().stream().flatMap(Set::stream);
    }

    /** Lets a batch wait for what it has to wait for. */
    void await(Ticket ticket, Instant now) {
        if (ticket.state == Ticket.State.GONE) {
            return;
        }
        takeOut(ticket);
        ticket.state = Ticket.State.WAITING;
        Ticket.Owner owner = ticket.owner;
        if (owner != null && owner.assignment.position() <= ticket.entry.firstOffset()) {
            ahead.computeIfAbsent(owner.assignment, key -> new TreeSet<>(Ticket.BY_OFFSET))
                    .add(ticket);
        } else if (ticket.notBefore.isAfter(now)) {
            backingOff.add(ticket);
        } else {
            waiting.add(ticket);
        }
    }

    /** The oldest batch that may be drained now. */
    Optional<Ticket> next(Instant now) {
        while (!backingOff.isEmpty() && !backingOff.peek().notBefore.isAfter(now)) {
            waiting.add(backingOff.remove());
        }
        ahead.forEach((assignment, notReached) -> {
            while (!notReached.isEmpty() && notReached.first().entry.firstOffset() < assignment.position()) {
                waiting.add(requireNonNull(notReached.pollFirst()));
            }
        });
        return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.first());
    }

    /** Takes a batch that waits out of the queue, to be drained. */
    void drain(Ticket ticket) {
        waiting.remove(ticket);
        ticket.state = Ticket.State.DRAINING;
    }

    /** Batches of an assignment that has ended wait for their turn on the topic no longer. */
    void forget(Assignment assignment) {
        TreeSet<Ticket> notReached = ahead.remove(assignment);
        if (notReached != null) {
            waiting.addAll(notReached);
        }
    }

    /** Counts a batch as set aside from now on. */
    void setAside(Ticket ticket, Instant now) {
        ticket.setAsideAt = now;
        setAside++;
    }

    /**
     * Forgets a batch.
     *
     * @return its file, if that holds no other batch any more
     */
    Optional<String> remove(Ticket ticket) {
        if (ticket.state == Ticket.State.GONE) {
            return Optional.empty();
        }
        takeOut(ticket);
        ticket.state = Ticket.State.GONE;
        batches--;
        setAside -= ticket.setAsideAt == null ? 0 : 1;
        bytesInMemory -= ticket.bytesInMemory();
        String name = ticket.entry.file();
        Set<Ticket> file = requireNonNull(files.get(name));
        file.remove(ticket);
        if (!file.isEmpty()) {
            return Optional.empty();
        }
        files.remove(name);
        return Optional.of(name);
    }

    private void takeOut(Ticket ticket) {
        waiting.remove(ticket);
        backingOff.remove(ticket);
        ahead.values().forEach(notReached -> notReached.remove(ticket));
    }

    int size() {
        return batches;
    }

    /** The number of batches that were set aside. */
    int setAside() {
        return setAside;
    }

    /** Memory that the tickets take up, in bytes. */
    long bytesInMemory() {
        return bytesInMemory;
    }

    /** When the oldest batch was written. */
    Optional<Instant> oldest() {
        return files.isEmpty()
                ? Optional.empty()
                : files.firstEntry().getValue().stream().findAny().map(ticket -> ticket.entry.writtenAt());
    }
}
