package io.stepvault.worker.cli;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.SessionFilter;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which sessions of a store. */
final class SessionFilterOptions {
    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only sessions whose ids begin so.")
    private String prefix = "";

    @Option(names = "--since", paramLabel = "DATE", description = "Only those with captures of this UTC day or later.")
    private Optional<String> since = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "DATE",
            description = "Only those with captures of this UTC day or earlier.")
    private Optional<String> until = Optional.empty();

    /** @throws CommandFailure if a value is none */
    SessionFilter filter() {
        try {
            return new SessionFilter(
                    prefix, since.map(day -> day("--since", day)), until.map(day -> day("--until", day)));
        } catch (InvalidIdException e) {
            throw CommandFailure.usage("--prefix " + e.getMessage());
        }
    }

    /** Whether any is given. */
    boolean isGiven() {
        return !prefix.isEmpty() || hasDays();
    }

    boolean hasDays() {
        return since.isPresent() || until.isPresent();
    }

    private static LocalDate day(String option, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw CommandFailure.usage(option + ": '" + text + "' is no day; write it as 2026-11-20");
        }
    }
}
