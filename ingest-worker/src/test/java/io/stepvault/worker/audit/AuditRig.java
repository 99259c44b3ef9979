package io.stepvault.worker.audit;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.storage.StoreInspection;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.retry.RetryOptions;
import io.stepvault.worker.audit.sort.SortLimits;
import io.stepvault.worker.audit.sort.WorkDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An audit for tests: says which captures the range holds, runs it, and keeps what it found. */
final class AuditRig {
    /** Everything goes through the disk, and is merged more than once. */
    static final AuditSettings.Bounds TINY = new AuditSettings.Bounds(3, new SortLimits(600, 2));

    private final ObjectStore objects;
    private final String prefix;
    private final List<StepCapture> captures = new ArrayList<>();
    private final List<CapturePlace> places = new ArrayList<>();
    private final Map<CapturePlace, String> refused = new HashMap<>();
    final List<KnownLetter> letters = new ArrayList<>();
    final List<Finding> findings = new ArrayList<>();
    DiskQueues diskQueues = name -> false;
    AuditSettings.Scope scope = AuditSettings.Scope.WHOLE_STORE;
    LifecyclePolicy policy = LifecyclePolicy.KEEP_ALL;
    Optional<Repairer> repairer = Optional.empty();
    Clock clock = Clock.systemUTC();

    AuditRig(ObjectStore objects, String prefix) {
        this.objects = objects;
        this.prefix = prefix;
    }

    /** The range holds these, one after the other in partition 0. */
    AuditRig with(List<StepCapture> more) {
        more.forEach(capture -> with(capture, 0));
        return this;
    }

    AuditRig with(StepCapture capture, int partition) {
        captures.add(capture);
        long offset = 10L * places.size();
        places.add(new CapturePlace(partition, offset, offset + 1));
        return this;
    }

    AuditRig refused(int partition, long offset, String reason) {
        refused.put(new CapturePlace(partition, offset, offset), reason);
        return this;
    }

    StepCapture captureAt(CapturePlace place) {
        return captures.get(places.indexOf(place));
    }

    AuditReport run(AuditDepth depth) {
        return run(depth, letters::forEach);
    }

    AuditReport run(AuditDepth depth, DeadLetters deadLetters) {
        findings.clear();
        StoreOptions options = StoreOptions.defaults()
                .withRetry(RetryOptions.defaults().withIntervals(Duration.ofMillis(1), Duration.ofMillis(2)));
        AuditSettings settings = new AuditSettings(scope, depth, policy, Duration.ofHours(1), TINY);
        AuditListener listener = new AuditListener() {
            @Override
            public void found(Finding finding) {
                findings.add(finding);
            }

            @Override
            public void compared(long compared, long listed) {}

            @Override
            public void lookedFor(long looked, long of) {}
        };
        try {
            Path parent = Files.createTempDirectory("audit");
            try (WorkDirectory work = WorkDirectory.under(parent, Long.MAX_VALUE);
                    StoreInspection store = new StoreInspection(objects, prefix, options);
                    Audit audit = new Audit(store, diskQueues, work, settings, listener, clock)) {
                for (int i = 0; i < captures.size(); i++) {
                    audit.captured(AuditedCapture.of(captures.get(i), places.get(i), policy));
                }
                refused.forEach(audit::refused);
                return audit.compare(deadLetters, repairer);
            } finally {
                Files.delete(parent);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Finding> problems() {
        return findings.stream().filter(Finding::problem).toList();
    }

    List<String> codes() {
        return findings.stream().map(Finding::code).toList();
    }
}
