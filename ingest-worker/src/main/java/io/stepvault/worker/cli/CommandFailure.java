package io.stepvault.worker.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command ends early: lines for people, each with what failed and the mend, and the exit code. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final List<String> lines;

    private CommandFailure(int exitCode, List<String> lines, @Nullable Throwable cause) {
        super(String.join("; ", lines), cause);
        this.exitCode = exitCode;
        this.lines = List.copyOf(lines);
    }

    /** The command or the configuration is written wrongly: one line per mistake. */
    public static CommandFailure usage(List<String> lines, @Nullable Throwable cause) {
        return new CommandFailure(ExitCode.USAGE, lines, cause);
    }

    /** The command is written wrongly. */
    public static CommandFailure usage(String line) {
        return usage(List.of(line), null);
    }

    /** What was asked for is not there, or not as it should be. */
    public static CommandFailure problem(String line, @Nullable Throwable cause) {
        return new CommandFailure(ExitCode.PROBLEMS, List.of(line), cause);
    }

    /** Something that the command needs is not there. */
    public static CommandFailure couldNotRun(String line, @Nullable Throwable cause) {
        return new CommandFailure(ExitCode.COULD_NOT_RUN, List.of(line), cause);
    }

    /** See {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }

    /** At least one. */
    public List<String> lines() {
        return lines;
    }
}
