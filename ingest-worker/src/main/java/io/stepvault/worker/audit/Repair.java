package io.stepvault.worker.audit;

import io.stepvault.worker.audit.sort.Entry;
import io.stepvault.worker.audit.sort.EntryForm;
import io.stepvault.worker.audit.sort.ExternalSort;
import io.stepvault.worker.audit.sort.WorkDirectory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** Has captures stored that are missing, and looks at each of them once more. For one thread; used once. */
final class Repair implements AutoCloseable {
    /** In the order in which the topic is read. */
    private static final EntryForm<MissingCapture> BY_PLACE = new EntryForm<>() {
        @Override
        public Entry write(MissingCapture missing) {
            CapturePlace place = missing.place();
            byte[] path = missing.name().path().getBytes(StandardCharsets.US_ASCII);
            return new Entry(
                    PlaceKey.of(place.partition(), place.firstOffset()),
                    ByteBuffer.allocate(Long.BYTES + path.length)
                            .putLong(place.offset())
                            .put(path)
                            .array());
        }

        @Override
        public MissingCapture read(Entry entry) {
            ByteBuffer key = ByteBuffer.wrap(entry.key());
            ByteBuffer value = ByteBuffer.wrap(entry.value());
            int partition = key.getInt();
            CapturePlace place = new CapturePlace(partition, key.getLong(), value.getLong());
            String path = StandardCharsets.US_ASCII.decode(value).toString();
            return new MissingCapture(RevisionName.parse(path), place);
        }
    };

    private final RevisionCheck check;
    private final Whereabouts whereabouts;
    private final AuditSettings.Bounds bounds;
    private final AuditTally tally;
    private final ExternalSort<MissingCapture> byPlace;
    private final ExternalSort<AuditedCapture> byName;

    private record Stored(AuditedCapture capture, CheckResult result) {}

    Repair(
            RevisionCheck check,
            Whereabouts whereabouts,
            WorkDirectory work,
            AuditSettings.Bounds bounds,
            AuditTally tally) {
        this.check = check;
        this.whereabouts = whereabouts;
        this.bounds = bounds;
        this.tally = tally;
        this.byPlace = new ExternalSort<>(work, BY_PLACE, bounds.sort());
        this.byName = new ExternalSort<>(work, CaptureForm.INSTANCE, bounds.sort());
    }

    /** A capture to be stored. */
    void add(AuditedCapture capture) {
        byPlace.add(new MissingCapture(capture.name(), capture.place()));
        byName.add(capture);
    }

    /** Has all stored, and says what came of it. */
    void run(Repairer repairer, ExecutorService executor) {
        if (byPlace.count() == 0) {
            return;
        }
        repairer.repair(byPlace.sorted());
        Judgement judgement = new Judgement(tally, whereabouts, Optional.empty());
        CallsInOrder<Stored> calls = new CallsInOrder<>(executor, 2 * bounds.readsInFlight(), stored -> {
            if (stored.result() instanceof CheckResult.Equal) {
                tally.found(Outcome.REPAIRED, stored.capture(), "");
            } else if (stored.result() instanceof CheckResult.Differs differs) {
                judgement.differs(stored.capture(), differs);
            } else if (stored.result() instanceof CheckResult.NotThere notThere) {
                judgement.notThere(stored.capture(), notThere);
            }
        });
        for (Iterator<AuditedCapture> each = byName.sorted(); each.hasNext(); ) {
            AuditedCapture capture = each.next();
            calls.submit(() -> new Stored(capture, check.check(capture)));
        }
        calls.finish();
    }

    @Override
    public void close() {
        byPlace.close();
        byName.close();
    }
}
