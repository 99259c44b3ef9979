package io.stepvault.devkit.chaos;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.KafkaConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A run from its start to the account: a load, troubles, and then peace until all is quiet. Used by one thread. */
public final class ChaosRun {
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration QUIET_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration PROGRESS = Duration.ofMillis(200);
    /** Batches and commits take some seconds, even when nothing is wrong. */
    private static final int USUAL_LAG_SECONDS = 6;

    private final ChaosSettings settings;
    private final String command;
    private final Path directory;
    private final Console console;
    private final Happenings happenings = new Happenings();

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
     * Goes through with it, once.
     *
     * @param kafka the running cluster, which is closed at the end
     * @throws IllegalStateException if a part does not start, does not come back, or ends by itself
     */
    public ChaosReport run(EmbeddedKafka kafka) throws InterruptedException {
        CaptureSource source =
                new CaptureSource(settings.seed(), console.clock().instant());
        try (ChaosBed bed = ChaosBed.open(directory, settings, kafka);
                CompletionFlow flow = CompletionFlow.start(bed.kafkaConfig(), happenings::areCompletionsDue);
                Watch watch = Watch.start(bed, flow::steps);
                Load load = Load.start(source, kafka.bootstrapServers(), ChaosTopics.CAPTURES, settings.perSecond())) {
            return play(new Stage(bed, load, flow, watch, console), source);
        }
    }

    private ChaosReport play(Stage stage, CaptureSource source) throws InterruptedException {
        stage.say("brokers, store and " + Amounts.count(settings.workers(), "worker") + " started");
        require(
                stage.await("the first completions", START_TIMEOUT, sample -> sample.completed() > 0),
                "no capture was completed within " + START_TIMEOUT.toSeconds() + " s");
        happenings.loadIsOn(true);
        Optional<OutageFindings> outage = Optional.empty();
        if (settings.plan().isDrill()) {
            outage = Optional.of(drill(stage));
        } else {
            makeTrouble(stage);
        }
        Duration peace = stage.watch().elapsed();
        stage.load().end(QUIET_TIMEOUT);
        stage.say("troubles are over; waiting until all is quiet");
        boolean quiet = stage.await("quiet", QUIET_TIMEOUT, stage::isQuiet) && transactionsEnd(stage);
        happenings.loadIsOn(false);
        Duration quietAfter = stage.watch().elapsed().minus(peace);
        stage.say("reading everything back");
        return ChaosFigures.report(
                new ChaosReport.Of(settings, command),
                stage,
                happenings.counts(),
                audit(stage, source),
                outage,
                quiet ? Optional.of(quietAfter) : Optional.empty());
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** Those of killed workers are ended by the brokers, after a while; what comes after them shows only then. */
    private static boolean transactionsEnd(Stage stage) throws InterruptedException {
        Duration deadline = stage.watch().elapsed().plus(QUIET_TIMEOUT);
        while (!stage.bed().topics().allTransactionsEnded()) {
            if (stage.watch().elapsed().compareTo(deadline) > 0) {
                return false;
            }
            stage.watch().awaitNext();
        }
        return true;
    }

    private static Account audit(Stage stage, CaptureSource source) throws InterruptedException {
        KafkaConfig kafka = stage.bed().kafkaConfig();
        try (StepStore store = stage.bed().openStore()) {
            return new Audit(source, store)
                    .of(stage.load().published(), CompletionLog.completions(kafka), CompletionLog.deadLetters(kafka));
        }
    }

    private void makeTrouble(Stage stage) throws InterruptedException {
        Duration end = stage.watch().elapsed().plus(settings.duration());
        try (Troublemaker maker = Troublemaker.start(stage.bed(), settings, happenings, stage::say)) {
            while (stage.watch().elapsed().compareTo(end) < 0 || !maker.hasMadeAll()) {
                maker.goOnFor(PROGRESS);
                stage.progress();
            }
            maker.end();
        }
    }

    private OutageFindings drill(Stage stage) throws InterruptedException {
        long usualLag = (long) USUAL_LAG_SECONDS * settings.perSecond();
        require(
                stage.await(
                        "a steady state", START_TIMEOUT, sample -> sample.lag().orElse(Long.MAX_VALUE) <= usualLag),
                "the workers cannot keep up with the load: choose a lower --rate");
        stage.waitFor(OutageFindings.STEADY);

        Watch watch = stage.watch();
        Duration from = watch.elapsed();
        happenings.storeIsAway(true);
        stage.bed().stopStore();
        stage.say("the store is away");
        if (settings.plan() == ChaosSettings.Plan.OUTAGE_REBALANCE) {
            comeAndGo(stage);
        }
        stage.waitFor(settings.duration().minus(watch.elapsed().minus(from)));
        stage.bed().startStore();
        happenings.storeIsAway(false);
        Duration until = watch.elapsed();
        happenings.storeWas("away", true, until.minus(from));
        stage.say("the store is back");
        stage.await(
                "catching up",
                QUIET_TIMEOUT,
                sample -> findings(watch, from, until).isCaughtUp(sample));
        return findings(watch, from, until);
    }

    private void comeAndGo(Stage stage) throws InterruptedException {
        Duration third = settings.duration().dividedBy(3);
        stage.waitFor(third);
        stage.say("a worker joins");
        stage.bed().addWorker();
        stage.waitFor(third);
        stage.say("worker 1 leaves");
        happenings.happened(new Trouble.Terminate(1, Duration.ZERO));
        require(stage.bed().worker(1).leave().equals(Optional.of(0)), "worker 1 did not end as it was asked to");
    }

    private OutageFindings findings(Watch watch, Duration from, Duration until) {
        return new OutageFindings(watch.samples(), from, until, settings.workers(), settings.plan());
    }
}
