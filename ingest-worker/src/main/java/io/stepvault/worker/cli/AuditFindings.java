package io.stepvault.worker.cli;

import io.stepvault.worker.audit.AuditListener;
import io.stepvault.worker.audit.Finding;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows how an audit goes on, keeps the first problems, and writes all that is found to a file. For one thread. */
final class AuditFindings implements AuditListener, AutoCloseable {
    private final ProgressDisplay display;
    private final int most;
    private final Optional<BufferedWriter> list;
    private final List<Finding> problems = new ArrayList<>();

    /**
     * Findings.
     *
     * @param most how many problems are kept
     * @param list where all findings go, one JSON object a line; what was in the file is replaced
     * @throws IOException if it cannot be written
     */
    AuditFindings(ProgressDisplay display, int most, Optional<Path> list) throws IOException {
        this.display = display;
        this.most = most;
        this.list = list.isPresent() ? Optional.of(Files.newBufferedWriter(list.get())) : Optional.empty();
    }

    @Override
    public void found(Finding finding) {
        if (finding.problem() && problems.size() < most) {
            problems.add(finding);
        }
        if (list.isPresent()) {
            try {
                list.get().write(JsonText.object(new FindingText(finding)::json));
                list.get().write('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
    }

    @Override
    public void compared(long captures, long revisionsListed) {
        display.update("comparing: " + Amounts.count(captures, "capture") + ", "
                + Amounts.count(revisionsListed, "stored revision"));
    }

    @Override
    public void lookedFor(long captures, long of) {
        display.update("looking for what is missing: " + captures + " of " + of);
    }

    /** The first problems. */
    List<Finding> problems() {
        return List.copyOf(problems);
    }

    @Override
    public void close() throws IOException {
        if (list.isPresent()) {
            list.get().close();
        }
    }
}
