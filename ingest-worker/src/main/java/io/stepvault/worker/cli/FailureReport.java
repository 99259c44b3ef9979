package io.stepvault.worker.cli;

import io.stepvault.registry.RegistrySetupException;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.worker.cli.cluster.ClusterException;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.ConfigException;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in single lines what stopped a command. A stack trace is for those who ask for it. */
final class FailureReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** A variable that asks for stack traces. */
    static final String DEBUG_VARIABLE = "STEPVAULT_DEBUG";

    private final Console console;

    FailureReport(Console console) {
        this.console = console;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        CommandFailure told = tell(failure);
        told.lines().forEach(line -> console.note("stepvault: " + line));
        if (wantsStackTrace(parsed)) {
            failure.printStackTrace(console.errWriter());
        }
        return told.exitCode();
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        console.note("stepvault: " + failure.getMessage());
        // Suggests the nearest subcommand or option, where there is one.
        boolean suggested = UnmatchedArgumentException.printSuggestions(failure, console.errWriter());
        if (!suggested) {
            console.note("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return ExitCode.USAGE;
    }

    private static CommandFailure tell(Exception failure) {
        if (failure instanceof CommandFailure told) {
            return told;
        } else if (failure instanceof ConfigException config) {
            return CommandFailure.usage(config.problems(), config);
        } else if (failure instanceof ObjectCorruptException corrupt) {
            return CommandFailure.problem(message(corrupt), corrupt);
        } else if (failure instanceof StoreException
                || failure instanceof KafkaException
                || failure instanceof RegistrySetupException
                || failure instanceof ClusterException) {
            return CommandFailure.couldNotRun(message(failure), failure);
        } else if (failure instanceof IOException) {
            // Many of these say no more than a file's name.
            return CommandFailure.couldNotRun(failure.getClass().getSimpleName() + ": " + message(failure), failure);
        }
        return CommandFailure.couldNotRun(
                "this is a mistake in Stepvault: " + failure + "; run it with " + DEBUG_VARIABLE
                        + "=1 and report what it shows",
                failure);
    }

    private static String message(Exception failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private boolean wantsStackTrace(ParseResult parsed) {
        return List.of("1", "true").contains(console.environment().getOrDefault(DEBUG_VARIABLE, ""))
                || parsed.asCommandLineList().stream()
                        .anyMatch(each -> each.getParseResult().hasMatchedOption("--debug"));
    }
}
