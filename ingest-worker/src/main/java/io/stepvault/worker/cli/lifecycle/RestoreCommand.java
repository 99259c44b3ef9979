package io.stepvault.worker.cli.lifecycle;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.LifecycleListener;
import io.stepvault.storage.Restored;
import io.stepvault.storage.SessionLifecycle;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Progress;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings back what was deleted of a session, or has expired. */
@Command(
        name = "restore",
        description = {
            "Brings back what was deleted of a session, or has expired, where the bucket keeps versions. Only revisions"
                    + " that can be whole come back. What has expired by a policy expires again at the next 'lifecycle"
                    + " apply', unless the policy is changed first.",
            "Ends with 1 if nothing came back, or not all can."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle restore crawl-17 --store s3://bucket/prefix --dry-run",
            "  stepvault lifecycle restore crawl-17 --store s3://bucket/prefix --at 2026-11-20T08:00:00Z"
        })
final class RestoreCommand implements Callable<Integer> {
    private static final int MAX_NAMED = 20;

    @Parameters(paramLabel = "SESSION", description = "The session's id.")
    private String session = "";

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Only what was there at that time, as 2026-11-22T08:00:00Z (default: all that is kept).")
    private Optional<String> at = Optional.empty();

    @Option(names = "--dry-run", description = "Only list what would come back, with its bytes.")
    private boolean dryRun;

    @Option(
            names = "--json",
            description = "Print the result as a JSON object; with --dry-run, one for each object before it.")
    private boolean json;

    private final Console console;

    RestoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<Instant> time = at.map(text -> Ages.time("--at", text));
        try (SessionLifecycle lifecycle = store.open(console.environment(), SessionLifecycle::open);
                Listener listener = new Listener()) {
            Restored restored =
                    (dryRun ? lifecycle.dryRun(listener) : lifecycle.telling(listener)).restore(session, time);
            listener.close();
            tell(restored);
            return restored.revisions() == 0 || restored.lost() > 0 ? ExitCode.PROBLEMS : ExitCode.DONE;
        } catch (InvalidIdException e) {
            throw CommandFailure.usage("SESSION " + e.getMessage());
        }
    }

    private void tell(Restored restored) {
        if (json) {
            console.json(fields -> {
                fields.writeBooleanField("dry_run", dryRun);
                fields.writeNumberField("revisions", restored.revisions());
                fields.writeNumberField("objects", restored.objects());
                fields.writeNumberField("bytes", restored.bytes());
                fields.writeNumberField("lost", restored.lost());
            });
        } else if (restored.revisions() == 0) {
            console.note("there is nothing to restore of session " + session);
        } else {
            console.line((dryRun ? "would restore " : "restored ")
                    + Amounts.count(restored.revisions(), "revision") + ", "
                    + Amounts.count(restored.objects(), "object") + ", " + Amounts.bytes(restored.bytes()));
        }
        if (restored.lost() > 0) {
            console.note(Amounts.count(restored.lost(), "revision") + " cannot be made whole and did not come back");
        }
    }

    /** Lists in a dry run; else shows how far it is. */
    private final class Listener implements LifecycleListener, AutoCloseable {
        private final ProgressDisplay display = new ProgressDisplay(console);
        private final Instant start = console.clock().instant();
        private long objects;
        private long bytes;
        private int lost;

        @Override
        public void removed(ObjectInfo object) {
            // Nothing is.
        }

        @Override
        public void restored(ObjectVersion version) {
            objects++;
            bytes += version.size();
            if (!dryRun) {
                Duration elapsed = Duration.between(start, console.clock().instant());
                display.update(new Progress("objects", objects, 0, bytes, 0, elapsed));
            } else if (json) {
                console.json(fields -> {
                    fields.writeStringField("key", version.key());
                    fields.writeNumberField("bytes", version.size());
                    fields.writeStringField("version_id", version.id());
                });
            } else {
                console.line(String.format("%10s  %s", Amounts.bytes(version.size()), version.key()));
            }
        }

        @Override
        public void lost(String revision, String why) {
            lost++;
            if (lost <= MAX_NAMED) {
                display.note("cannot be restored: " + revision + ", " + why);
            }
        }

        @Override
        public void close() {
            display.close();
        }
    }
}
