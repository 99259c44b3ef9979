package io.stepvault.worker.cli;

import io.stepvault.capture.IdCodec;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.DecodeResult;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Progress;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import io.stepvault.worker.flow.Provenance;
import io.stepvault.worker.spool.SpoolDisk.ReadBack;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledCapture;
import io.stepvault.worker.spool.file.FreeSpace;
import io.stepvault.worker.spool.file.ScannedFile;
import io.stepvault.worker.spool.file.ScannedFile.Condition;
import io.stepvault.worker.spool.file.SpoolContents;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.file.SpoolFiles;
import io.stepvault.worker.spool.file.SpoolLimits;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * Stores the batches of a disk queue, oldest file first, so many captures at a time. A file goes once every batch of it
 * is stored, or its session deleted. Ends early when the store as a whole fails. Used once, by one thread.
 */
final class SpoolDrain {
    private static final long MAX_BYTES_AT_ONCE = 32L << 20;
    private static final int MAX_STEPS_AT_ONCE = 200;
    private static final int MAX_NAMED = 20;
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    private final SpoolDirectory directory;
    private final StepStore store;
    private final Console console;
    private final CaptureDecoder decoder = CaptureDecoder.withoutRegistry();
    private final DrainSummary summary = new DrainSummary(false);
    private final List<Waiting> waiting = new ArrayList<>();
    private final Set<String> deletedSessions = new HashSet<>();
    private long waitingBytes;
    private long named;
    private boolean outage;

    private record Waiting(TopicPartition partition, long bytes, StepToStore step) {}

    SpoolDrain(SpoolDirectory directory, StepStore store, Console console) {
        this.directory = directory;
        this.store = store;
        this.console = console;
    }

    DrainSummary run() throws IOException {
        SpoolContents contents = SpoolContents.read(directory, console.clock());
        contents.movedAside().forEach(file -> {
            name(file.name() + ": " + file.problem() + "; moved aside to 'corrupt'");
            summary.fileMovedAside();
        });
        Instant start = console.clock().instant();
        long bytes = 0;
        long totalBytes =
                contents.files().stream().mapToLong(ScannedFile::bytes).sum();
        SpoolLimits nothingIsWritten = new SpoolLimits(0, 0, 0);
        try (ProgressDisplay display = new ProgressDisplay(console);
                SpoolFiles disk = new SpoolFiles(
                        directory, contents, nothingIsWritten, FreeSpace.of(directory.queue()), console.clock())) {
            for (int i = 0; i < contents.files().size(); i++) {
                ScannedFile file = contents.files().get(i);
                drain(file, disk);
                bytes += file.bytes();
                Duration elapsed = Duration.between(start, console.clock().instant());
                display.update(new Progress("files", i + 1, contents.files().size(), bytes, totalBytes, elapsed));
            }
        }
        return summary;
    }

    private void drain(ScannedFile file, SpoolFiles disk) {
        if (file.condition() != Condition.INTACT) {
            name(file.name() + ": " + file.problem());
        }
        boolean all = file.condition() == Condition.INTACT || file.condition() == Condition.DAMAGED;
        for (SpoolEntry entry : file.batches()) {
            all &= outage ? left(entry) : drain(entry, disk);
        }
        all &= storeWaiting();
        if (all) {
            // One that is damaged is moved aside by this.
            disk.delete(file.name()).join();
        }
        if (!all) {
            summary.fileLeft(file.condition() != Condition.INTACT);
        } else if (file.condition() == Condition.DAMAGED) {
            summary.fileMovedAside();
        } else {
            summary.fileRemoved();
        }
    }

    private boolean left(SpoolEntry entry) {
        summary.left(entry.origin().partition(), entry.captures(), entry.bytes());
        return false;
    }

    private boolean drain(SpoolEntry entry, SpoolFiles disk) {
        ReadBack read = disk.read(entry).join();
        if (!(read instanceof ReadBack.Intact intact)) {
            name(read instanceof ReadBack.Corrupt corrupt ? corrupt.why() : ((ReadBack.Failed) read).why());
            return left(entry);
        }
        SpooledBatch batch = intact.batch();
        boolean all = true;
        for (SpooledCapture capture : batch.captures()) {
            all &= add(entry, capture);
        }
        return all;
    }

    private boolean add(SpoolEntry entry, SpooledCapture capture) {
        TopicPartition partition = entry.origin().partition();
        long bytes = capture.record().size();
        DecodeResult result = decoder.decode(capture.record().value());
        if (result instanceof DecodeResult.Undecodable undecodable) {
            name(describe(entry, capture) + " cannot be decoded: "
                    + undecodable.rejection().detail());
            summary.left(partition, 1, bytes);
            return false;
        }
        boolean full = waitingBytes + bytes > MAX_BYTES_AT_ONCE || waiting.size() >= MAX_STEPS_AT_ONCE;
        boolean all = !full || storeWaiting();
        StepToStore step = new StepToStore(((DecodeResult.Decoded) result).capture(), provenance(partition, capture));
        waiting.add(new Waiting(partition, bytes, step));
        waitingBytes += bytes;
        return all;
    }

    private boolean storeWaiting() {
        if (waiting.isEmpty()) {
            return true;
        }
        List<StoreOutcome> outcomes =
                store.storeAsync(waiting.stream().map(Waiting::step).toList()).join();
        boolean all = true;
        for (int i = 0; i < outcomes.size(); i++) {
            Waiting one = waiting.get(i);
            if (outcomes.get(i) instanceof StoreOutcome.Failed failed) {
                all = false;
                outage |= failed.cause().isOutage();
                summary.left(one.partition(), 1, one.bytes());
                name("not stored: " + failed.cause().getMessage());
            } else if (outcomes.get(i) instanceof StoreOutcome.SessionDeleted) {
                summary.deleted(one.partition(), 1, one.bytes());
                String session = one.step().capture().getSessionId();
                if (deletedSessions.add(session)) {
                    name("not stored: session " + IdCodec.encode(session) + " has been deleted");
                }
            } else {
                summary.stored(one.partition(), 1, one.bytes());
            }
        }
        waiting.clear();
        waitingBytes = 0;
        return all;
    }

    /** For information only; a name that no topic can have must not stop a capture from being stored. */
    private static Map<String, String> provenance(TopicPartition partition, SpooledCapture capture) {
        if (!TOPIC.matcher(partition.topic()).matches()) {
            return Map.of();
        }
        List<Long> offsets = capture.offsets();
        return new Provenance(partition, offsets.get(offsets.size() - 1)).toMap();
    }

    private static String describe(SpoolEntry entry, SpooledCapture capture) {
        return "the capture of " + entry.origin().partition() + " at offset "
                + capture.offsets().get(capture.offsets().size() - 1);
    }

    private void name(String line) {
        named++;
        if (named <= MAX_NAMED) {
            console.note(line);
        } else if (named == MAX_NAMED + 1) {
            console.note("more, which are counted and not named");
        }
    }
}
