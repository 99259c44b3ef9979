package io.stepvault.worker.cli;

import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Progress;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import io.stepvault.worker.spool.file.ScannedFile;
import io.stepvault.worker.spool.file.SpoolContents;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.file.SpoolReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Parameters;

/** Which disk queue a command looks into. */
final class SpoolArgument {
    @Parameters(
            paramLabel = "DIR",
            description = "The spool directory of a worker (spool.dir of its configuration), or a copy of one.")
    private Path directory = Path.of("");

    /**
     * The directory.
     *
     * @throws CommandFailure if it is not there, or is not a spool directory
     */
    Path existing() {
        if (!Files.isDirectory(directory)) {
            throw CommandFailure.couldNotRun("there is no directory " + directory + "; check the path", null);
        }
        if (!Files.isDirectory(queue())) {
            throw CommandFailure.couldNotRun(
                    directory + " is not a worker's spool directory: it has no directory 'queue' in it; name the"
                            + " directory that spool.dir names",
                    null);
        }
        return directory;
    }

    /** Where the spool files lie. */
    Path queue() {
        return SpoolDirectory.queueOf(directory);
    }

    /**
     * Reads all files, oldest first, and says beside the result if a worker changes them meanwhile. What the worker
     * removes meanwhile is passed over.
     */
    void forEach(Console console, SpoolReader reader, Consumer<ScannedFile> action) throws IOException {
        Path queue = SpoolDirectory.queueOf(existing());
        if (isHeld()) {
            console.note("a worker has " + directory + " open: it writes and removes files meanwhile");
        }
        List<String> names = SpoolContents.names(queue);
        Instant start = console.clock().instant();
        long bytes = 0;
        try (ProgressDisplay display = new ProgressDisplay(console)) {
            for (int i = 0; i < names.size(); i++) {
                try {
                    ScannedFile file = reader.scan(queue.resolve(names.get(i)));
                    bytes += file.bytes();
                    action.accept(file);
                } catch (NoSuchFileException e) {
                    continue; // stored and removed by its worker
                }
                Duration elapsed = Duration.between(start, console.clock().instant());
                display.update(new Progress("files", i + 1, names.size(), bytes, bytes, elapsed));
            }
        }
    }

    /** The names of damaged files that the worker moved aside. */
    List<String> movedAside() throws IOException {
        Path corrupt = SpoolDirectory.corruptOf(directory);
        if (!Files.isDirectory(corrupt)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(corrupt)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private boolean isHeld() {
        try {
            return SpoolDirectory.isHeld(directory);
        } catch (IOException e) {
            return false; // a copy that may not be locked, as on a read-only disk
        }
    }
}
