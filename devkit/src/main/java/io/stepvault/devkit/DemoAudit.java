package io.stepvault.devkit;

import io.stepvault.worker.RangeWatch;
import io.stepvault.worker.TopicAudit;
import io.stepvault.worker.audit.AuditDepth;
import io.stepvault.worker.audit.AuditListener;
import io.stepvault.worker.audit.AuditReport;
import io.stepvault.worker.audit.Finding;
import io.stepvault.worker.audit.Outcome;
import io.stepvault.worker.cli.cluster.TopicReader;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.deadletter.DeadLetterReader;
import io.stepvault.worker.deadletter.LetterHeaders;
import io.stepvault.worker.replay.TopicRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Goes through the topic once more and compares what it holds of the demo with the store, to the last byte: what {@code
 * stepvault audit --deep} does.
 *
 * @param problems a line each
 */
record DemoAudit(AuditReport report, List<String> problems) {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final int READS_IN_FLIGHT = 4;
    private static final RangeWatch PATIENT = trouble -> {};

    /** Keeps what is a problem. */
    private static final class Problems implements AuditListener {
        private final List<String> lines = new ArrayList<>();

        @Override
        public void found(Finding finding) {
            if (finding.problem()) {
                lines.add(finding.code() + ": "
                        + finding.name()
                                .map(Object::toString)
                                .or(() -> finding.place().map(Object::toString))
                                .orElse("")
                        + (finding.detail().isEmpty() ? "" : ", " + finding.detail()));
            }
        }

        @Override
        public void compared(long captures, long revisionsListed) {}

        @Override
        public void lookedFor(long captures, long of) {}
    }

    /**
     * Audits.
     *
     * @param sessions takes the ids of the demo's sessions; the store may hold others, which are not looked at
     * @param directory for temporary files
     */
    static DemoAudit of(WorkerConfig config, Predicate<String> sessions, Path directory)
            throws IOException, InterruptedException {
        TopicAudit.Plan plan =
                new TopicAudit.Plan(TopicRange.ALL, sessions, "", AuditDepth.CONTENT, false, Duration.ofHours(1));
        Problems problems = new Problems();
        try (TopicAudit audit = TopicAudit.open(
                config, plan, new TopicAudit.Means(directory, Long.MAX_VALUE, READS_IN_FLIGHT, List.of()), problems)) {
            audit.read(PATIENT);
            AuditReport report = audit.compare(action -> forEachLetter(config.kafka(), action), Optional.empty());
            return new DemoAudit(report, List.copyOf(problems.lines));
        } catch (InterruptException e) {
            boolean unused = Thread.interrupted();
            throw new InterruptedException("interrupted during the audit");
        }
    }

    private static void forEachLetter(KafkaConfig kafka, Consumer<LetterHeaders> action) {
        String topic = kafka.topics().deadLetters();
        try (DeadLetterReader reader =
                new DeadLetterReader(TopicReader.consumer(kafka, topic, TIMEOUT), topic, TIMEOUT)) {
            reader.forEachLetter(action);
        }
    }

    boolean isClean() {
        return report.isClean();
    }

    /** In one line. */
    String text() {
        return "topic against store: " + Amounts.count(report.count(Outcome.STORED), "capture") + " and "
                + Amounts.count(report.looked().byContent(), "artifact") + " as published, "
                + (isClean() ? "all accounted for" : Amounts.count(problems.size(), "problem"));
    }
}
