package io.stepvault.worker.cli.lifecycle;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.SessionLifecycle;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists what a bucket keeps of a session's objects. */
@Command(
        name = "versions",
        description = {
            "Lists all versions that the bucket keeps of a session's objects, or of one step's, by key, the latest first."
                    + " 'deleted' says that the object was deleted at that time.",
            "Ends with 1 if there are none."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle versions crawl-17 --store s3://bucket/prefix",
            "  stepvault lifecycle versions crawl-17 step-1 --store s3://bucket/prefix --json"
        })
final class VersionsCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SESSION", description = "The session's id.")
    private String session = "";

    @Parameters(index = "1", paramLabel = "STEP", arity = "0..1", description = "The step's id.")
    private Optional<String> step = Optional.empty();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--json", description = "Print a JSON object for each version.")
    private boolean json;

    private final Console console;
    private long found;

    VersionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (SessionLifecycle lifecycle = store.open(console.environment(), SessionLifecycle::open)) {
            lifecycle.versions(session, step, this::show);
            if (found == 0) {
                console.note("no versions of session " + session + " in " + lifecycle.location());
            }
            return found == 0 ? ExitCode.PROBLEMS : ExitCode.DONE;
        } catch (InvalidIdException e) {
            throw CommandFailure.usage("SESSION or STEP " + e.getMessage());
        }
    }

    /** Line by line: a session may have very many. */
    private void show(ObjectVersion version) {
        found++;
        if (json) {
            console.json(fields -> {
                fields.writeStringField("key", version.key());
                fields.writeStringField("version_id", version.id());
                fields.writeStringField("at", version.at().toString());
                fields.writeNumberField("bytes", version.size());
                fields.writeBooleanField("latest", version.isLatest());
                fields.writeBooleanField("deleted", version.isDeleteMarker());
            });
        } else {
            String state = version.isDeleteMarker() ? "deleted" : Amounts.bytes(version.size());
            console.line(String.format(
                    "%-24s  %-6s  %10s  %s  %s",
                    version.at(), version.isLatest() ? "latest" : "", state, version.key(), version.id()));
        }
    }
}
