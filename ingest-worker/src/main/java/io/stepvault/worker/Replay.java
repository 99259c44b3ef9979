package io.stepvault.worker;

import io.github.resilience4j.retry.RetryRegistry;
import io.stepvault.storage.SessionLifecycle;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.retry.Pace;
import io.stepvault.worker.config.PutConfig;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.replay.Backfill;
import io.stepvault.worker.replay.BadRecords;
import io.stepvault.worker.replay.Outcome;
import io.stepvault.worker.replay.PolicyView;
import io.stepvault.worker.replay.ReplayTally;
import io.stepvault.worker.replay.TopicRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A replay: fills a store from a range of the topic, sending only what it lacks. Put together here. Safe for any thread.
 */
public final class Replay implements AutoCloseable {
    /** Their tasks hash captures and wait for listings. */
    private static final int THREADS = 32;

    /** About what an artifact has. */
    private static final long BYTES_OF_A_PUT = 64 << 10;

    private final RangeRun run;
    private final ReplayTally tally;
    private final Deque<AutoCloseable> opened;

    /**
     * What to replay.
     *
     * @param job the replay's id: processes that name the same share the work, and go on where others ended. Letters,
     *     digits, dots, dashes, underscores
     * @param sessions takes the ids of the sessions to replay
     * @param dryRun only count what would be stored; nothing is kept of the job
     * @param resurrect also store what the store's policy would remove
     * @param publishCompletions publish completions, marked with the job's id
     * @param pace how fast the store may be asked
     * @param temporary where captures that came in chunks are put together, in a directory of their own
     */
    public record Plan(
            String job,
            TopicRange range,
            Predicate<String> sessions,
            boolean dryRun,
            boolean resurrect,
            boolean publishCompletions,
            Optional<Pace> pace,
            Path temporary) {}

    private Replay(RangeRun run, ReplayTally tally, Deque<AutoCloseable> opened) {
        this.run = run;
        this.tally = tally;
        this.opened = opened;
    }

    /**
     * The consumer group of a job.
     *
     * @param group that of the workers, which is left alone
     */
    public static String groupOf(String group, String job) {
        return group + "-replay-" + job;
    }

    /**
     * Begins a replay into the store that the configuration names.
     *
     * @throws IOException if there is no room for temporary files
     * @throws io.stepvault.storage.object.StoreException if the store's directory cannot be used
     * @throws IllegalArgumentException if the configuration's URI names no store
     * @throws org.apache.kafka.common.KafkaException if a Kafka client refuses its properties
     */
    public static Replay start(WorkerConfig config, Plan plan) throws IOException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            return start(config, plan, opened);
        } catch (IOException | RuntimeException e) {
            OpenedParts.closeAll(opened);
            throw e;
        }
    }

    private static Replay start(WorkerConfig given, Plan plan, Deque<AutoCloseable> opened) throws IOException {
        WorkerConfig config = plan.pace().map(pace -> at(pace, given)).orElse(given);
        Clock clock = Clock.systemUTC();
        StoreOptions unhurried =
                WorkerSettings.storeOptions(config, clock, RetryRegistry.ofDefaults(), (inFlight, limit) -> {});
        StoreOptions options = plan.pace().map(unhurried::withPace).orElse(unhurried);
        Path chunks = OpenedParts.temporaryDirectory(opened, plan.temporary(), "stepvault-replay");
        StepStore store = OpenedParts.keep(opened, StepStore.open(config.store().uri(), options));
        SessionLifecycle lifecycle =
                OpenedParts.keep(opened, SessionLifecycle.open(config.store().uri(), options));
        ExecutorService executor = Executors.newFixedThreadPool(THREADS, daemons());
        opened.addFirst(executor::shutdownNow);

        ReplayTally tally = new ReplayTally();
        Backfill backfill = new Backfill(
                store,
                new PolicyView(lifecycle::policy, clock),
                new Backfill.Options(plan.dryRun(), plan.resurrect(), plan.publishCompletions()),
                clock,
                executor,
                tally);
        BadRecords bad = new BadRecords();
        // One that leaves no trace shares nothing either.
        String job = plan.dryRun() ? "dry-run-" + UUID.randomUUID() : plan.job();
        RangeRun run = RangeRun.start(
                config,
                new RangeRun.Plan(
                        plan.range(),
                        groupOf(config.kafka().groupId(), job),
                        !plan.dryRun(),
                        plan.publishCompletions() && !plan.dryRun() ? Optional.of(plan.job()) : Optional.empty(),
                        chunks,
                        capture -> isWanted(capture, plan.sessions(), tally)),
                backfill,
                tally,
                letter -> bad.outcome(letter).ifPresent(outcome -> tally.came(letter.source(), outcome)));
        opened.addFirst(run);
        return new Replay(run, tally, opened);
    }

    /** At a slow pace few captures are under way, so that little is left undone when the job is interrupted. */
    private static WorkerConfig at(Pace pace, WorkerConfig config) {
        PutConfig puts = config.store().puts();
        PutConfig slower = new PutConfig(
                pace.requestsInASecond(BYTES_OF_A_PUT, puts.maxInFlight()),
                puts.timeout(),
                puts.compression(),
                puts.writePath());
        return new WorkerConfig(
                config.kafka(),
                config.store().withPuts(slower),
                config.batch(),
                config.budget(),
                config.commit(),
                config.process());
    }

    private static boolean isWanted(TrackedCapture capture, Predicate<String> sessions, ReplayTally tally) {
        boolean wanted = sessions.test(capture.capture().getSessionId());
        if (!wanted) {
            tally.came(capture.offset().assignment().partition(), Outcome.OTHER_SESSION);
        }
        return wanted;
    }

    private static ThreadFactory daemons() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "stepvault-replay-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** What has been done so far. */
    public ReplayTally tally() {
        return tally;
    }

    /** See {@link RangeRun#ended}. */
    public CompletableFuture<Boolean> ended() {
        return run.ended();
    }

    /** What it waits for, if it does. */
    public Optional<String> trouble() {
        return run.trouble();
    }

    /** Stops in an orderly way: what was read is stored and committed, as far as {@code shutdown.timeout} allows. */
    @Override
    public void close() {
        synchronized (opened) { // a signal may close it while its owner does
            OpenedParts.closeAll(opened);
        }
    }
}
