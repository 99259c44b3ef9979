package io.stepvault.devkit.chaos;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A run from its start to the account: a load, troubles, and then peace until all is quiet. Used by one thread.
 */
public final class ChaosRun {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration QUIET_TIMEOUT = Duration.ofMinutes(5);
    /** Batches and commits take some seconds, even when nothing is wrong. */
    private static final int USUAL_LAG_SECONDS = 6;

    private static final Duration PROGRESS = Duration.ofSeconds(5);

    private final ChaosSettings settings;
    private final String command;
    private final Path directory;
    private final Console console;

    /**
     * A run to be.
     *
     * @param command that repeats it
     * @param directory for all of its files
     */
    public ChaosRun(ChaosSettings settings, String command, Path directory, Console console) {
        this.settings = settings;
        this.command = command;
        this.directory = directory;
        this.console = console;
    }

    /** The cluster that it needs, which is to be started for it. */
    public EmbeddedKafka.Builder kafka() {
        return EmbeddedKafka.builder().brokers(ChaosBed.BROKERS).directory(directory.resolve("kafka"));
    }

    /**
     * Goes through with it.
     *
     * @param kafka the running cluster, which is closed at the end
     * @throws IllegalStateException if a part does not start, or ends by itself
     */
    public ChaosReport run(EmbeddedKafka kafka) throws InterruptedException {
        Happenings happenings = new Happenings();
        CaptureSource source =
                new CaptureSource(settings.seed(), console.clock().instant());
        boolean[] loaded = new boolean[1];
        try (ChaosBed bed = ChaosBed.open(directory, settings, kafka);
                CompletionFlow flow =
                        CompletionFlow.start(bed.kafkaConfig(), () -> !happenings.isStoreAway() && loaded[0]);
                Watch watch = Watch.start(bed, flow::steps)) {
            return new Stage(bed, flow, watch, happenings, source).play(loaded);
        }
    }

    /** What is there while it runs. */
    private final class Stage {
        private final ChaosBed bed;
        private final CompletionFlow flow;
        private final Watch watch;
        private final Happenings happenings;
        private final CaptureSource source;
        private Duration nextProgress = PROGRESS;

        Stage(ChaosBed bed, CompletionFlow flow, Watch watch, Happenings happenings, CaptureSource source) {
            this.bed = bed;
            this.flow = flow;
            this.watch = watch;
            this.happenings = happenings;
            this.source = source;
        }

        ChaosReport play(boolean[] loaded) throws InterruptedException {
            say("brokers, store and " + Amounts.count(settings.workers(), "worker") + " started");
            try (Load load =
                    Load.start(source, bed.kafka().bootstrapServers(), ChaosTopics.CAPTURES, settings.perSecond())) {
                await(load, "the first completions", START_TIMEOUT, sample -> sample.completed() > 0);
                loaded[0] = true;
                Optional<OutageFindings> outage = Optional.empty();
                if (settings.plan().isDrill()) {
                    outage = Optional.of(drill(load));
                } else {
                    makeTrouble(load);
                }
                Duration peace = watch.elapsed();
                load.end(QUIET_TIMEOUT);
                say("troubles are over; waiting until all is quiet");
                boolean quiet = await(load, "quiet", QUIET_TIMEOUT, this::isQuiet)
                        && bed.topics().allTransactionsEnded();
                loaded[0] = false;
                Duration quietAfter = watch.elapsed().minus(peace);
                say("reading everything back");
                try (StepStore store = bed.openStore()) {
                    Account account = new Audit(source, store)
                            .of(
                                    load.published(),
                                    CompletionLog.completions(bed.kafkaConfig()),
                                    CompletionLog.deadLetters(bed.kafkaConfig()));
                    return report(
                            load.published(), account, outage, quiet ? Optional.of(quietAfter) : Optional.empty());
                }
            }
        }

        private void makeTrouble(Load load) throws InterruptedException {
            Duration end = watch.elapsed().plus(settings.duration());
            try (Troublemaker maker = Troublemaker.start(bed, settings, happenings, this::say)) {
                while (watch.elapsed().compareTo(end) < 0) {
                    maker.goOnFor(Duration.ofMillis(200));
                    progress(load);
                }
                maker.end();
            }
        }

        private OutageFindings drill(Load load) throws InterruptedException {
            long usualLag = (long) USUAL_LAG_SECONDS * settings.perSecond();
            if (!await(
                    load,
                    "a steady state",
                    START_TIMEOUT,
                    sample -> sample.lag().orElse(Long.MAX_VALUE) <= usualLag)) {
                throw new IllegalStateException("the workers cannot keep up with the load: choose a lower --rate");
            }
            waitFor(OutageFindings.STEADY, load);
            Duration from = watch.elapsed();
            happenings.storeIsAway(true);
            bed.stopStore();
            say("the store is away");
            if (settings.plan() == ChaosSettings.Plan.OUTAGE_REBALANCE) {
                waitFor(settings.duration().dividedBy(3), load);
                bed.addWorker();
                say("a worker joins");
                waitFor(settings.duration().dividedBy(3), load);
                say("worker 1 leaves");
                Optional<Integer> exit = bed.worker(1).terminate();
                happenings.happened(new Trouble.Terminate(1, Duration.ZERO));
                if (!exit.equals(Optional.of(0))) {
                    throw new IllegalStateException("worker 1 did not end as it was asked to: " + exit);
                }
            }
            waitFor(settings.duration().minus(watch.elapsed().minus(from)), load);
            bed.startStore();
            happenings.storeIsAway(false);
            Duration until = watch.elapsed();
            happenings.storeWas("away", true, until.minus(from));
            say("the store is back");
            await(
                    load,
                    "catching up",
                    QUIET_TIMEOUT,
                    sample -> findings(from, until).isCaughtUp(sample));
            return findings(from, until);
        }

        private OutageFindings findings(Duration from, Duration until) {
            return new OutageFindings(watch.samples(), from, until, settings.workers(), settings.plan());
        }

        private void waitFor(Duration time, Load load) throws InterruptedException {
            Duration end = watch.elapsed().plus(time);
            while (watch.elapsed().compareTo(end) < 0) {
                watch.awaitNext();
                progress(load);
            }
        }

        /** Says whether it came to that in time. */
        private boolean await(Load load, String what, Duration timeout, Predicate<Sample> condition)
                throws InterruptedException {
            Duration deadline = watch.elapsed().plus(timeout);
            while (watch.elapsed().compareTo(deadline) < 0) {
                Sample sample = watch.awaitNext();
                progress(load);
                requireRunning();
                if (condition.test(sample)) {
                    return true;
                }
            }
            say("gave up waiting for " + what);
            return false;
        }

        /** Those that a drill has asked to end may be gone. */
        private void requireRunning() {
            List<WorkerProcess> workers = bed.workers();
            for (int number = 1; number <= workers.size(); number++) {
                boolean left = settings.plan() == ChaosSettings.Plan.OUTAGE_REBALANCE && number == 1;
                if (!left && !workers.get(number - 1).isRunning()) {
                    throw new IllegalStateException("worker " + number + " has ended by itself");
                }
            }
        }

        private boolean isQuiet(Sample sample) {
            long running =
                    bed.workers().stream().filter(WorkerProcess::isRunning).count();
            return sample.lag().equals(Optional.of(0L))
                    && sample.workers().held() == 0
                    && sample.workers().answering() == running;
        }

        private void progress(Load load) {
            if (watch.elapsed().compareTo(nextProgress) < 0 || watch.samples().isEmpty()) {
                return;
            }
            nextProgress = watch.elapsed().plus(PROGRESS);
            List<Sample> samples = watch.samples();
            Sample last = samples.get(samples.size() - 1);
            say(load.published().captures().size() + " captures published, " + flow.steps() + " completed, lag "
                    + last.lag().map(lag -> Long.toString(lag)).orElse("unknown") + ", on disk "
                    + Amounts.bytes(last.workers().spoolBytes()) + ", paused "
                    + last.workers().paused()
                    + ", members "
                    + last.members().map(count -> Integer.toString(count)).orElse("unknown"));
        }

        private void say(String text) {
            console.note(
                    String.format(Locale.ROOT, "%7.1f s  %s", watch.elapsed().toMillis() / 1_000.0, text));
        }

        private ChaosReport report(
                Published published, Account account, Optional<OutageFindings> outage, Optional<Duration> quietAfter) {
            List<Figure> figures = new ArrayList<>();
            Happenings.Counts counts = happenings.counts();
            figures.add(Figure.count("kills", "Workers killed (SIGKILL)", counts.kills()));
            figures.add(Figure.count("stalls", "Workers stalled (SIGSTOP, SIGCONT)", counts.stalls()));
            figures.add(Figure.count("terminations", "Workers terminated (SIGTERM)", counts.terminations()));
            figures.add(Figure.count("broker_stops", "Brokers stopped, one at a time", counts.brokerStops()));
            figures.add(Figure.count("all_broker_stops", "All brokers stopped", counts.stopsOfAllBrokers()));
            figures.add(Figure.count(
                    "store_outages", "Store took nothing", counts.store().outages()));
            figures.add(Figure.time(
                    "store_outage_time",
                    "Store took nothing for",
                    counts.store().outageTime()));
            counts.store()
                    .faults()
                    .forEach((label, time) -> figures.add(Figure.time(
                            "store_" + label.replaceAll("\\W+", "_").toLowerCase(Locale.ROOT),
                            "Store: " + label,
                            time)));
            bed.front()
                    .ifPresent(front -> figures.add(Figure.count(
                            "requests_faulted",
                            "Requests to the store that went wrong",
                            front.hits().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum())));
            List<Sample> samples = watch.samples();
            figures.add(Figure.count(
                    "rebalances",
                    "Rebalances, over all workers",
                    samples.isEmpty()
                            ? 0
                            : samples.get(samples.size() - 1).workers().rebalances()));
            figures.add(Figure.count("published", "Captures published", account.captures()));
            figures.add(Figure.count("repeats", "of them published again", published.repeats()));
            figures.add(Figure.count(
                    "poison", "Poison records published", published.poison().size()));
            figures.add(Figure.count("stored", "Captures read back as published", account.stored()));
            figures.add(Figure.count("completions", "Completions (repeats have their own)", account.completions()));
            figures.add(Figure.count("dead_letters", "Dead letters", account.deadLetters()));
            figures.add(Figure.count(
                    "losses",
                    "Losses",
                    account.wrongs().losses() + account.wrongs().poisonLost()));
            figures.add(Figure.count(
                    "uncompleted", "Completions missing", account.wrongs().uncompleted()));
            figures.add(
                    Figure.count("duplicates", "Duplicates", account.wrongs().duplicates()));
            figures.add(
                    Figure.time("longest_stall", "Longest time without a completion, store up", flow.longestStall()));
            figures.add(Figure.bytes("peak_resident", "Peak memory of a worker (resident)", watch.peakResidentBytes()));
            figures.add(Figure.bytes("peak_spool", "Peak on all disk queues", watch.peakSpoolBytes()));
            quietAfter.ifPresent(time -> figures.add(Figure.time("quiet_after", "Quiet after", time)));
            outage.ifPresent(findings -> figures.addAll(findings.figures()));

            List<String> wrongs = new ArrayList<>(account.wrongs().lines());
            if (quietAfter.isEmpty()) {
                wrongs.add(
                        "NOT QUIET  records wait, or lie on a disk, " + QUIET_TIMEOUT.toMinutes() + " minutes later");
            }
            outage.ifPresent(findings -> wrongs.addAll(findings.wrongs()));
            wrongs.addAll(crashes());
            return new ChaosReport(settings, command, List.copyOf(figures), List.copyOf(wrongs));
        }

        /** Lines in the workers' logs that no trouble from outside explains. */
        private List<String> crashes() {
            List<String> lines = new ArrayList<>();
            for (WorkerProcess worker : bed.workers()) {
                try (Stream<String> log = Files.lines(worker.log())) {
                    log.filter(line -> line.contains("OutOfMemoryError") || line.contains("please report it"))
                            .forEach(line -> lines.add("WORKER  " + worker.log() + ": " + line));
                } catch (IOException e) {
                    lines.add("WORKER  " + worker.log() + " cannot be read: " + e);
                }
            }
            return lines;
        }
    }
}
