package io.stepvault.worker.cli;

import io.stepvault.worker.RangeWatch;
import io.stepvault.worker.TopicAudit;
import io.stepvault.worker.audit.AuditReport;
import io.stepvault.worker.audit.UnorderedListingException;
import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.cluster.TopicReader;
import io.stepvault.worker.cli.cluster.TopicState;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.deadletter.DeadLetterReader;
import io.stepvault.worker.deadletter.LetterHeaders;
import io.stepvault.worker.replay.SessionGlob;
import io.stepvault.worker.replay.TopicRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a range of the topic with a store. */
@Command(
        name = "audit",
        description = {
            "Compares every capture in a range of the topic with the store, and what the store holds with the range; beside"
                    + " the workers, whose group is left alone. Changes nothing, unless it is told to --repair.",
            "What is not stored is looked for among the dead letters, in disk queues, and by the store's policy. By default"
                    + " step.json is read, and of artifacts the size and the checksum are compared that the store keeps.",
            "Ends with 1 if something is missing or differs, or if a record can never be stored and is no dead letter."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault audit --bootstrap localhost:9092 --store s3://bucket/prefix",
            "  stepvault audit --config worker.properties --from 36h --to 1h --spool /var/lib/stepvault --deep",
            "  stepvault audit --config worker.properties --repair --list findings.jsonl"
        })
final class AuditCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final long LAST_WORDS_SECONDS = 20;

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Mixin
    private AuditOptions how = new AuditOptions();

    @Option(
            names = "--dead-letters-topic",
            paramLabel = "TOPIC",
            description = "Default: topic.dead-letters of the configuration.")
    private Optional<String> deadLettersTopic = Optional.empty();

    @Option(
            names = "--repair",
            description =
                    "Read from the topic again what is missing, and store it. What is there and differs is left alone.")
    private boolean repair;

    @Option(
            names = "--named",
            paramLabel = "N",
            description = "How many problems are named (default: ${DEFAULT-VALUE}).")
    private int named = 100;

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "Name all that was found in this file, one JSON object a line.")
    private Optional<Path> list = Optional.empty();

    @Option(names = "--json", description = "Print the result as a JSON object.")
    private boolean json;

    private final Console console;

    AuditCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        WorkerConfig config = range.config(console.environment());
        TopicRange topicRange = range.range(console.clock());
        if (named < 0) {
            throw CommandFailure.usage("--named: '" + named + "' is not allowed; expected 0 or more");
        }
        SessionGlob sessions = range.sessions();
        TopicAudit.Plan plan = new TopicAudit.Plan(
                topicRange, sessions, sessions.prefix(), how.depth(), how.wholeStore(), how.grace());
        TopicAudit.Means means = how.means();
        if (!repair) {
            StoreOption.refuseMissing(config.store().uri());
        }
        RangeOptions.requireTopic(config.kafka(), topicRange);
        console.note("auditing " + range.describe(config));
        CountDownLatch told = new CountDownLatch(1);
        Thread runner = Thread.currentThread();
        GracefulStop stop = new GracefulStop(() -> stop(runner, told));
        try (ProgressDisplay display = new ProgressDisplay(console);
                AuditFindings findings = new AuditFindings(display, named, list);
                TopicAudit audit = open(config, plan, means, findings)) {
            return run(audit, findings, display, config.kafka());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (UnorderedListingException e) {
            throw CommandFailure.couldNotRun(String.valueOf(e.getMessage()), e);
        } finally {
            told.countDown();
            stop.close();
        }
    }

    private static TopicAudit open(
            WorkerConfig config, TopicAudit.Plan plan, TopicAudit.Means means, AuditFindings findings)
            throws IOException {
        try {
            return TopicAudit.open(config, plan, means, findings);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("the store cannot be opened: " + e.getMessage());
        }
    }

    private int run(TopicAudit audit, AuditFindings findings, ProgressDisplay display, KafkaConfig kafka) {
        if (audit.leftovers() > 0) {
            display.note("removed the work files of " + Amounts.count(audit.leftovers(), "audit") + " that was killed");
        }
        Instant start = console.clock().instant();
        audit.read(trouble -> {
            Duration elapsed = Duration.between(start, console.clock().instant());
            show(
                    display,
                    trouble,
                    () -> display.update(new ReplayReport(audit.tally(), false, false).progress(elapsed)));
        });
        RangeWatch repairing = trouble -> show(display, trouble, () -> display.update("storing what is missing"));
        AuditReport report = audit.compare(
                action -> forEachLetter(kafka, action, display), repair ? Optional.of(repairing) : Optional.empty());
        display.close();
        AuditedRange read = AuditedRange.of(audit.tally());
        AuditSummary summary = new AuditSummary(report, findings.problems());
        read.remarks().forEach(console::note);
        if (json) {
            console.json(fields -> {
                summary.json(fields);
                read.json(fields);
            });
        } else {
            console.table(summary.table(), "nothing was read");
            summary.lines().forEach(console::line);
        }
        return read.lacksRecords() ? ExitCode.PROBLEMS : summary.exitCode();
    }

    private static void show(ProgressDisplay display, Optional<String> trouble, Runnable otherwise) {
        trouble.ifPresentOrElse(why -> display.update("waiting: " + why), otherwise);
    }

    /** A cluster without that topic has no dead letters. */
    private void forEachLetter(KafkaConfig kafka, Consumer<LetterHeaders> action, ProgressDisplay display) {
        String topic = deadLettersTopic.orElse(kafka.topics().deadLetters());
        try (Cluster cluster = Cluster.of(kafka, TIMEOUT)) {
            if (TopicState.find(cluster, topic).isEmpty()) {
                display.note("there is no topic " + topic + ", so nothing counts as a dead letter");
                return;
            }
        }
        try (DeadLetterReader reader =
                new DeadLetterReader(TopicReader.consumer(kafka, topic, TIMEOUT), topic, TIMEOUT)) {
            reader.forEachLetter(action);
        }
    }

    /** On a signal: the audit ends where it is, and removes its files. */
    private static int stop(Thread audit, CountDownLatch told) {
        audit.interrupt();
        try {
            boolean unused = told.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.COULD_NOT_RUN;
    }
}
