package io.stepvault.worker;

import io.github.resilience4j.retry.RetryRegistry;
import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreInspection;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.object.StoreException;
import io.stepvault.worker.audit.Audit;
import io.stepvault.worker.audit.AuditDepth;
import io.stepvault.worker.audit.AuditListener;
import io.stepvault.worker.audit.AuditReport;
import io.stepvault.worker.audit.AuditSettings;
import io.stepvault.worker.audit.AuditedCapture;
import io.stepvault.worker.audit.CapturePlace;
import io.stepvault.worker.audit.DiskQueues;
import io.stepvault.worker.audit.KnownLetter;
import io.stepvault.worker.audit.MissingCapture;
import io.stepvault.worker.audit.RepairSlices;
import io.stepvault.worker.audit.sort.WorkDirectory;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.consume.AdminTopicDirectory;
import io.stepvault.worker.consume.TopicDirectory;
import io.stepvault.worker.deadletter.LetterHeaders;
import io.stepvault.worker.deadletter.LetterSource;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.replay.BadRecords;
import io.stepvault.worker.replay.Outcome;
import io.stepvault.worker.replay.RangePoint;
import io.stepvault.worker.replay.ReplayTally;
import io.stepvault.worker.replay.TopicRange;
import io.stepvault.worker.spool.view.SpooledObjects;
import io.stepvault.worker.store.StepWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * An audit of a range of the topic: reads it beside the live group, compares it with the store, and if it is asked to,
 * stores what is missing. Put together here. Used once, by one thread.
 */
public final class TopicAudit implements AutoCloseable {
    private static final Duration LOOK_UP_TIMEOUT = Duration.ofSeconds(15);

    private final WorkerConfig config;
    private final Plan plan;
    private final StoreOptions options;
    private final LifecyclePolicy policy;
    private final WorkDirectory work;
    private final Audit audit;
    private final Path chunks;
    private final ReplayTally tally = new ReplayTally();
    private final Deque<AutoCloseable> opened;

    /**
     * What to audit.
     *
     * @param sessions takes the ids of the sessions to audit
     * @param idPrefix what all of these begin with; may be empty
     * @param wholeStore whether the store is asked for what the range does not hold
     * @param grace how old artifacts without a commit record are before they count as orphans
     */
    public record Plan(
            TopicRange range,
            Predicate<String> sessions,
            String idPrefix,
            AuditDepth depth,
            boolean wholeStore,
            Duration grace) {}

    /**
     * What it works with.
     *
     * @param workParent where its work directory is made
     * @param maxWorkBytes the most that it takes up there
     * @param readsInFlight how many requests it makes of the store at once
     * @param spools the spool directories of workers
     */
    public record Means(Path workParent, long maxWorkBytes, int readsInFlight, List<Path> spools) {
        /** Copies. */
        public Means {
            spools = List.copyOf(spools);
        }
    }

    private TopicAudit(WorkerConfig config, Plan plan, Means means, AuditListener listener, Deque<AutoCloseable> opened)
            throws IOException {
        this.config = config;
        this.plan = plan;
        this.opened = opened;
        Clock clock = Clock.systemUTC();
        this.options = WorkerSettings.storeOptions(config, clock, RetryRegistry.ofDefaults(), (inFlight, limit) -> {});
        StoreInspection store =
                OpenedParts.keep(opened, StoreInspection.open(config.store().uri(), options));
        this.policy = store.policy().orElse(LifecyclePolicy.KEEP_ALL);
        this.work = OpenedParts.keep(opened, WorkDirectory.under(means.workParent(), means.maxWorkBytes()));
        this.chunks = OpenedParts.temporaryDirectory(opened, means.workParent(), "stepvault-audit");
        AuditSettings settings = new AuditSettings(
                new AuditSettings.Scope(plan.wholeStore(), plan.idPrefix(), plan.sessions()),
                plan.depth(),
                policy,
                plan.grace(),
                new AuditSettings.Bounds(means.readsInFlight(), AuditSettings.Bounds.DEFAULT.sort()));
        DiskQueues queues = diskQueues(means.spools(), options, opened);
        this.audit = OpenedParts.keep(opened, new Audit(store, queues, work, settings, listener, clock));
    }

    /**
     * Opens the store that the configuration names, and a work directory.
     *
     * @throws IOException if there is no room for temporary files
     * @throws StoreException if the store fails
     * @throws IllegalArgumentException if the configuration's URI names no store
     */
    public static TopicAudit open(WorkerConfig config, Plan plan, Means means, AuditListener listener)
            throws IOException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return new TopicAudit(config, plan, means, listener, opened);
        } catch (IOException | RuntimeException e) {
            OpenedParts.closeAll(opened);
            throw e;
        }
    }

    private static DiskQueues diskQueues(List<Path> spools, StoreOptions options, Deque<AutoCloseable> opened) {
        List<StoreInspection> queues = new ArrayList<>();
        for (Path spool : spools) {
            SpooledObjects objects = new SpooledObjects(spool, options.clock());
            queues.add(OpenedParts.keep(opened, new StoreInspection(objects, "", options)));
        }
        return name -> queues.stream()
                .anyMatch(queue -> queue.find(name.sessionId(), name.stepId(), name.revision())
                        .isPresent());
    }

    /** How many directories of audits that were killed have been removed. */
    public int leftovers() {
        return work.leftovers();
    }

    /** How far the range has been read; that which {@link #compare} reads to repair is not counted. */
    public ReplayTally tally() {
        return tally;
    }

    /**
     * Reads the range. To be called once.
     *
     * @throws org.apache.kafka.common.errors.InterruptException if the thread is interrupted (its flag stays set)
     * @throws KafkaException if the brokers refuse, or a client its properties
     * @throws java.io.UncheckedIOException if the work directory is full, or fails
     */
    public void read(RangeWatch watch) {
        BadRecords bad = new BadRecords();
        new RangeReading(config, chunks, watch)
                .read(
                        plan.range(),
                        new RangeReading.Readers(
                                this::takeNote, NOTHING_TO_STORE, tally, letter -> takeNote(letter, bad)));
    }

    /** Nothing of it goes to a store. */
    private boolean takeNote(TrackedCapture capture) {
        if (plan.sessions().test(capture.capture().getSessionId())) {
            CapturePlace place = new CapturePlace(
                    capture.offset().assignment().partition().partition(),
                    capture.offsets().get(0).offset(),
                    capture.offset().offset());
            audit.captured(AuditedCapture.of(capture.capture(), place, policy));
        } else {
            tally.came(capture.offset().assignment().partition(), Outcome.OTHER_SESSION);
        }
        return false;
    }

    private void takeNote(DeadLetter letter, BadRecords bad) {
        Optional<Outcome> outcome = bad.outcome(letter);
        outcome.ifPresent(known -> tally.came(letter.source(), known));
        if (outcome.filter(Outcome.BAD::equals).isPresent()) {
            CapturePlace place = new CapturePlace(letter.source().partition(), letter.offset(), letter.offset());
            audit.refused(place, letter.rejection().reason().code());
        }
    }

    /**
     * Compares what was read. To be called once.
     *
     * @param letters shows the headers of all dead letters that there are
     * @param repair if present, what is missing is read again and stored, and this is called meanwhile
     * @throws org.apache.kafka.common.errors.InterruptException if the thread is interrupted (its flag stays set)
     * @throws KafkaException if the brokers refuse
     * @throws StoreException if the store fails, or the thread is interrupted
     * @throws io.stepvault.worker.audit.UnorderedListingException if the store does not list in the order of keys
     * @throws java.io.UncheckedIOException if the work directory is full, or fails
     */
    public AuditReport compare(Consumer<Consumer<LetterHeaders>> letters, Optional<RangeWatch> repair) {
        String topicId = topicId();
        Consumer<Consumer<KnownLetter>> ofTopic = action -> letters.accept(headers -> {
            LetterSource.Id source = headers.source().id();
            if (source.topicId().equals(topicId)) {
                action.accept(new KnownLetter(source.partition(), source.offset(), headers.reason()));
            }
        });
        if (repair.isEmpty()) {
            return audit.compare(ofTopic::accept, Optional.empty());
        }
        try (StepStore target = StepStore.open(config.store().uri(), options)) {
            return audit.compare(
                    ofTopic::accept,
                    Optional.of(missing -> repair(missing, new RangeReading(config, chunks, repair.get()), target)));
        }
    }

    /** A letter of a topic that had the same name before is none of this one's. */
    private String topicId() {
        try (Admin admin = Admin.create(config.kafka().adminProperties())) {
            TopicDirectory directory =
                    new AdminTopicDirectory(admin, config.kafka().bootstrapServers(), LOOK_UP_TIMEOUT);
            TopicDirectory.Lookup lookup =
                    directory.find(config.kafka().topics().captures());
            if (lookup instanceof TopicDirectory.Lookup.Found found) {
                return found.topicId();
            }
            throw new KafkaException(
                    lookup instanceof TopicDirectory.Lookup.NotYet notYet
                            ? notYet.why()
                            : ((TopicDirectory.Lookup.Refused) lookup).why());
        }
    }

    private static void repair(Iterator<MissingCapture> missing, RangeReading reading, StepStore target) {
        new RepairSlices(missing)
                .forEachRemaining(slice -> reading.read(
                        new TopicRange(
                                new RangePoint.AtOffset(slice.from()),
                                new RangePoint.AtOffset(slice.to()),
                                Optional.of(new TreeSet<>(List.of(slice.partition())))),
                        new RangeReading.Readers(
                                capture -> slice.offsets()
                                        .contains(capture.offset().offset()),
                                writerTo(target),
                                new ReplayTally(),
                                letter -> {})));
    }

    private static StepWriter writerTo(StepStore target) {
        return new StepWriter() {
            @Override
            public CompletableFuture<List<StoreOutcome>> store(List<StepToStore> steps) {
                return target.storeAsync(steps);
            }

            @Override
            public CompletableFuture<Optional<StoreException>> probe() {
                return target.probe();
            }
        };
    }

    private static final StepWriter NOTHING_TO_STORE = new StepWriter() {
        @Override
        public CompletableFuture<List<StoreOutcome>> store(List<StepToStore> steps) {
            throw new IllegalStateException("an audit chooses nothing to be stored");
        }

        @Override
        public CompletableFuture<Optional<StoreException>> probe() {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    };

    @Override
    public void close() {
        OpenedParts.closeAll(opened);
    }
}
