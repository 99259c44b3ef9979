package io.stepvault.worker.cli;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.capture.Revision;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;
import io.stepvault.worker.cli.terminal.Console;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a step, or writes its artifacts. */
@Command(
        name = "get",
        description = {
            "Shows what is stored of a step, or writes its artifacts to files.",
            "What is written is compared with its SHA-256 first; a file is never overwritten without --force."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault get crawl-17 step-0001 --store s3://bucket/prefix",
            "  stepvault get crawl-17 step-0001 --store s3://bucket/prefix --out step-0001/",
            "  stepvault get crawl-17 step-0001 --config worker.properties --artifact html --out - | less"
        })
final class GetCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    @Parameters(index = "0", paramLabel = "SESSION", description = "The session's id.")
    private String session = "";

    @Parameters(index = "1", paramLabel = "STEP", description = "The step's id.")
    private String step = "";

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--revision", paramLabel = "R", description = "A certain revision (default: the latest).")
    private Optional<String> revision = Optional.empty();

    @Option(
            names = "--artifact",
            paramLabel = "NAME",
            description = "html, screenshot or attachments/NAME (default: all, for which --out is a directory).")
    private Optional<String> artifact = Optional.empty();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR|FILE|-",
            description = "Where to write: a directory, a file for one artifact, or - for standard output.")
    private Optional<String> out = Optional.empty();

    @Option(names = "--force", description = "Overwrite files that are there.")
    private boolean force;

    @Option(names = "--json", description = "Print what is stored of the step as one JSON object.")
    private boolean json;

    private final Console console;

    GetCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        boolean toOutput = out.isEmpty() ? artifact.isPresent() : out.get().equals(STANDARD_OUTPUT);
        if (toOutput && artifact.isEmpty()) {
            throw CommandFailure.usage("--out - takes one artifact; add --artifact html, for example");
        }
        if (toOutput && out.isEmpty() && console.outIsTerminal()) {
            throw CommandFailure.usage("--artifact would write to this terminal; add --out FILE, or --out - to insist");
        }
        try (StepStore opened = store.open(console.environment())) {
            StoredStep stored = load(opened);
            artifact.ifPresent(name -> requireArtifact(stored, name));
            if (toOutput) {
                new ArtifactCopy(stored).toStream(artifact.orElseThrow(), console.bytes());
            } else if (out.isPresent()) {
                write(stored, Path.of(out.get()), out.get().endsWith("/"));
            } else {
                StepSummary summary = new StepSummary(stored);
                if (json) {
                    console.json(summary::json);
                } else {
                    summary.lines().forEach(console::line);
                }
            }
            return ExitCode.DONE;
        }
    }

    private void write(StoredStep stored, Path target, boolean isDirectory) {
        ArtifactFiles files = new ArtifactFiles(new ArtifactCopy(stored), force);
        if (artifact.isPresent() && !isDirectory && !target.toFile().isDirectory()) {
            files.writeTo(target, artifact.get());
            console.note("wrote " + target);
        } else if (artifact.isPresent()) {
            console.note("wrote " + files.writeInto(target, artifact.get()));
        } else {
            files.writeAllInto(target, stored.record()).forEach(file -> console.note("wrote " + file));
        }
    }

    private StoredStep load(StepStore opened) {
        Optional<StoredStep> found;
        try {
            found = revision.isPresent()
                    ? opened.load(session, step, parse(revision.get()))
                    : opened.load(session, step);
        } catch (InvalidIdException e) {
            throw CommandFailure.usage("SESSION or STEP " + e.getMessage());
        }
        return found.orElseThrow(() -> CommandFailure.problem(
                "no step " + step + " of session " + session
                        + revision.map(r -> " with revision " + r).orElse("") + " in " + opened.location()
                        + "; `stepvault steps SESSION` lists what is there",
                null));
    }

    private static Revision parse(String text) {
        try {
            return Revision.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--revision: " + e.getMessage());
        }
    }

    private static void requireArtifact(StoredStep stored, String name) {
        if (!stored.record().artifacts().containsKey(name)) {
            throw CommandFailure.problem(
                    "the step has no artifact " + name + "; it has: "
                            + String.join(", ", stored.record().artifacts().keySet()),
                    null);
        }
    }
}
