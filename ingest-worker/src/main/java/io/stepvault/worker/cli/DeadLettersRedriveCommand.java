package io.stepvault.worker.cli;

import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.cluster.ClusterException;
import io.stepvault.worker.cli.cluster.TopicState;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import io.stepvault.worker.cli.terminal.Table;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.deadletter.DeadLetterIndex;
import io.stepvault.worker.deadletter.DeadLetterReader;
import io.stepvault.worker.deadletter.LetterSource;
import io.stepvault.worker.deadletter.Redrive;
import io.stepvault.worker.deadletter.RedriveTakenOverException;
import io.stepvault.worker.deadletter.RedriveTarget;
import io.stepvault.worker.deadletter.StoredDeadLetter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends dead letters through the pipeline again. */
@Command(
        name = "redrive",
        description = {
            "Sends dead letters to their topics again, the oldest first: the same key, bytes and headers, and headers"
                    + " with their history. Workers then take them as new.",
            "Each is sent once: a transaction marks it on the dead-letter topic, and what is marked is left out. A"
                    + " redrive that begins ends another of the same topic, which loses nothing; so run one at a time.",
            "Ends with 1 if some could not be sent."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault dead-letters redrive --config worker.properties --reason unknown-schema --dry-run",
            "  stepvault dead-letters redrive --config worker.properties --since 2026-11-22 --yes"
        })
final class DeadLettersRedriveCommand implements Callable<Integer> {
    private static final int MAX_SHOWN = 100;
    private static final int TRANSACTION_TIMEOUT_MS = 60_000;
    private static final int MAX_BLOCK_MS = 30_000;

    @Mixin
    private DeadLetterTopicOptions topic = new DeadLetterTopicOptions();

    @Mixin
    private DeadLetterFilter filter = new DeadLetterFilter();

    @Option(
            names = "--to-topic",
            paramLabel = "TOPIC",
            description = "Send them all there (default: each to the topic that it came from).")
    private Optional<String> toTopic = Optional.empty();

    @Option(names = "--dry-run", description = "Only show what would be sent.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(names = "--json", description = "Print the result as a JSON object; with --dry-run, one per letter.")
    private boolean json;

    private final Console console;
    private final Confirmation confirmation;

    DeadLettersRedriveCommand(Console console, Confirmation confirmation) {
        this.console = console;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() {
        DeadLetterFilter.Selection selection = filter.selection(console.clock());
        if (!dryRun && !yes && !confirmation.isPossible()) {
            throw CommandFailure.usage(
                    "there is no terminal to ask on; add --yes, or --dry-run to see what it would do");
        }
        KafkaConfig kafka = topic.kafka(console.environment());
        String letters = topic.topic(kafka);
        if (toTopic.filter(letters::equals).isPresent()) {
            throw CommandFailure.usage("--to-topic: '" + letters + "' is the dead-letter topic itself");
        }
        Chosen chosen = new Chosen(selection);
        try (DeadLetterReader reader = topic.open(kafka)) {
            if (dryRun) {
                return show(chosen.from(reader.scan(Optional.empty())));
            }
            if (!yes && !confirmed(chosen.from(reader.scan(Optional.empty())))) {
                return ExitCode.DONE;
            }
            return redrive(kafka, letters, reader, chosen);
        }
    }

    private boolean confirmed(List<StoredDeadLetter> letters) {
        if (letters.isEmpty()) {
            console.note("nothing to redrive");
            return false;
        }
        new DeadLetterSummary(letters).table().lines().forEach(console::note);
        boolean confirmed = confirmation.ask(console, "Redrive " + Amounts.count(letters.size(), "dead letter") + "?");
        if (!confirmed) {
            console.note("nothing was sent");
        }
        return confirmed;
    }

    private int show(List<StoredDeadLetter> letters) {
        if (json) {
            letters.forEach(letter -> console.json(new DeadLetterText(letter)::json));
        } else {
            Table table = DeadLetterText.table();
            letters.stream().limit(MAX_SHOWN).forEach(letter -> new DeadLetterText(letter).row(table));
            console.table(table, "nothing to redrive");
        }
        if (!letters.isEmpty()) {
            console.note("would redrive " + Amounts.count(letters.size(), "dead letter") + ", "
                    + Amounts.bytes(DeadLetterSummary.bytes(letters))
                    + (!json && letters.size() > MAX_SHOWN ? "; showing the first " + MAX_SHOWN : "")
                    + "; nothing was sent");
        }
        return ExitCode.DONE;
    }

    private int redrive(KafkaConfig kafka, String letters, DeadLetterReader reader, Chosen chosen) {
        try (Cluster cluster = Cluster.of(kafka, DeadLetterTopicOptions.TIMEOUT);
                ProgressDisplay display = new ProgressDisplay(console)) {
            Targets targets = new Targets(cluster);
            if (toTopic.isPresent() && targets.find(toTopic.get()).isEmpty()) {
                throw ClusterException.noTopic(kafka.bootstrapServers(), toTopic.get());
            }
            RedriveOutcome outcome = new RedriveOutcome(console, display);
            Redrive redrive = new Redrive(letters, reader, () -> producer(kafka, letters), targets, outcome);
            CountDownLatch told = new CountDownLatch(1);
            try (GracefulStop stop = new GracefulStop(() -> stop(outcome, told))) {
                try {
                    run(redrive, chosen, outcome, letters);
                } finally {
                    display.close();
                    if (json) {
                        outcome.tellJson();
                    } else {
                        outcome.tell();
                    }
                    told.countDown();
                }
            }
            return outcome.failures() > 0 ? ExitCode.PROBLEMS : ExitCode.DONE;
        }
    }

    private static void run(Redrive redrive, Chosen chosen, RedriveOutcome outcome, String letters) {
        try {
            redrive.run(index -> {
                List<StoredDeadLetter> selected = chosen.from(index);
                outcome.expect(chosen.all());
                return selected;
            });
        } catch (RedriveTakenOverException e) {
            throw CommandFailure.couldNotRun(
                    "another redrive of " + letters + " has begun and ended this one, or this one stood still for more"
                            + " than " + TRANSACTION_TIMEOUT_MS / 1_000 + " s; what is not redriven is still there: run"
                            + " it again when no other runs",
                    e);
        }
    }

    /**
     * Has the redrive end between two transactions, since one that is left open keeps workers from reading on until it
     * times out.
     */
    private static int stop(RedriveOutcome outcome, CountDownLatch told) {
        outcome.stop();
        try {
            var unused = told.await(TRANSACTION_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.COULD_NOT_RUN;
    }

    private static Producer<byte[], byte[]> producer(KafkaConfig kafka, String letters) {
        Map<String, Object> properties = kafka.producerProperties();
        properties.put("transactional.id", Redrive.transactionalId(letters));
        properties.put("transaction.timeout.ms", TRANSACTION_TIMEOUT_MS);
        properties.put("max.block.ms", MAX_BLOCK_MS);
        properties.putIfAbsent("compression.type", "lz4");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The letters that the first look took; a later look, after a failure, takes no others. */
    private static final class Chosen {
        private final DeadLetterFilter.Selection selection;
        private Map<LetterSource.Id, StoredDeadLetter> first = Map.of();
        private boolean looked;

        Chosen(DeadLetterFilter.Selection selection) {
            this.selection = selection;
        }

        List<StoredDeadLetter> from(DeadLetterIndex index) {
            if (!looked) {
                looked = true;
                first = selection
                        .limited(selection.of(index).stream()
                                .filter(letter -> letter.state() != StoredDeadLetter.State.REDRIVEN)
                                .toList())
                        .stream()
                        .collect(Collectors.toMap(letter -> letter.source().id(), letter -> letter));
            }
            Set<LetterSource.Id> ids = first.keySet();
            return index.letters().stream()
                    .filter(letter -> ids.contains(letter.source().id()))
                    .toList();
        }

        Collection<StoredDeadLetter> all() {
            return first.values();
        }
    }

    /** Topics that letters go to, looked up once. */
    private final class Targets implements RedriveTarget.Lookup {
        private final Cluster cluster;
        private final Map<String, Optional<RedriveTarget>> known = new HashMap<>();

        Targets(Cluster cluster) {
            this.cluster = cluster;
        }

        @Override
        public Optional<RedriveTarget> of(StoredDeadLetter letter) {
            return find(toTopic.orElse(letter.source().topic()));
        }

        Optional<RedriveTarget> find(String name) {
            return known.computeIfAbsent(
                    name,
                    wanted -> TopicState.find(cluster, wanted)
                            .map(state -> new RedriveTarget(wanted, state.partitions())));
        }
    }
}
