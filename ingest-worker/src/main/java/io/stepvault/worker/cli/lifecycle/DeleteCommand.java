package io.stepvault.worker.cli.lifecycle;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.Removed;
import io.stepvault.storage.SessionHeldException;
import io.stepvault.storage.SessionLifecycle;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes sessions for good. */
@Command(
        name = "delete",
        description = {
            "Deletes sessions for good: all their steps, and whatever of them is captured or replayed later.",
            "Ends with 1 if a session was left alone because a label holds it."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle delete crawl-17 --store s3://bucket/prefix --dry-run",
            "  stepvault lifecycle delete crawl-17 crawl-18 --store s3://bucket/prefix --yes"
        })
final class DeleteCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SESSION", arity = "1..*", description = "The sessions' ids.")
    private List<String> sessions = List.of();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--force", description = "Delete sessions that a label holds, too.")
    private boolean force;

    @Mixin
    private RemovalOptions options = new RemovalOptions();

    private final Console console;
    private final Confirmation confirmation;
    private final Set<String> held = new LinkedHashSet<>();

    DeleteCommand(Console console, Confirmation confirmation) {
        this.console = console;
        this.confirmation = confirmation;
    }

    @Override
    public Integer call() {
        refuseInvalid();
        RemovalWork.refuseUnasked(options, confirmation);
        try (SessionLifecycle lifecycle = store.open(console.environment(), SessionLifecycle::open)) {
            int exitCode = new RemovalWork(console, confirmation, options, lifecycle)
                    // Of a session of which nothing is stored yet, nothing will be.
                    .runAnyway(RemovalWork.only(this::deleteAll));
            return held.isEmpty() ? exitCode : ExitCode.PROBLEMS;
        }
    }

    private Removed deleteAll(SessionLifecycle lifecycle) {
        Removed removed = new Removed(0, 0);
        for (String session : new LinkedHashSet<>(sessions)) {
            if (!held.contains(session)) {
                removed = removed.plus(delete(lifecycle, session));
            }
        }
        return removed;
    }

    private Removed delete(SessionLifecycle lifecycle, String session) {
        try {
            return force ? lifecycle.deleteHeld(session) : lifecycle.delete(session);
        } catch (SessionHeldException e) {
            held.add(session);
            console.note("not deleted: " + e.getMessage() + " (--force)");
            return new Removed(0, 0);
        }
    }

    /** Before anything is removed. */
    private void refuseInvalid() {
        for (String session : sessions) {
            try {
                String unused = IdCodec.encode(session);
            } catch (InvalidIdException e) {
                throw CommandFailure.usage("SESSION " + e.getMessage());
            }
        }
    }
}
