package io.stepvault.worker.cli;

/** What a subcommand says to whoever started it. */
public final class ExitCode {
    /** Done, and nothing was found amiss. */
    public static final int DONE = 0;

    /** Done, and problems were found: something is missing, differs, or was left out. */
    public static final int PROBLEMS = 1;

    /** The command or the configuration is written wrongly. */
    public static final int USAGE = 2;

    /** It could not run, or not to its end: something that it needs is not there. */
    public static final int COULD_NOT_RUN = 3;

    private ExitCode() {}
}
