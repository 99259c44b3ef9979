package io.stepvault.worker.spool.file;

import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.file.ScannedFile.Condition;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a spool directory held when it was opened.
 *
 * <p>A damaged file in which some batches are intact stays where it is until those are stored, and is moved aside then;
 * one without any is moved aside at once. The batches that are gone are read from the topic again, if it still has
 * them.
 *
 * @param files those in the queue, oldest first
 * @param movedAside damaged files without any intact batch
 */
public record SpoolContents(List<ScannedFile> files, List<ScannedFile> movedAside) {
    private static final Logger log = LoggerFactory.getLogger(SpoolContents.class);
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(10);

    /** Copies. */
    public SpoolContents {
        files = List.copyOf(files);
        movedAside = List.copyOf(movedAside);
    }

    /** All intact batches, oldest first. */
    public List<SpoolEntry> batches() {
        return files.stream().flatMap(file -> file.batches().stream()).toList();
    }

    /** All files in which something is amiss, those moved aside among them. */
    public List<ScannedFile> problems() {
        List<ScannedFile> problems = new ArrayList<>(movedAside);
        files.stream().filter(file -> file.condition() != Condition.INTACT).forEach(problems::add);
        return problems;
    }

    /**
     * The names of the spool files in a directory, oldest first.
     *
     * @throws NoSuchFileException if there is no such directory
     * @throws IOException if it cannot be read
     */
    public static List<String> names(Path queue) throws IOException {
        List<FileName> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(queue)) {
            for (Path file : files) {
                FileName.parse(String.valueOf(file.getFileName())).ifPresent(names::add);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names.stream().sorted().map(FileName::toString).toList();
    }

    /**
     * Reads every file of a directory that was just opened, checks every batch, removes what a crash left half-written,
     * and logs what is amiss.
     *
     * @throws IOException if the directory cannot be read or changed
     */
    public static SpoolContents read(SpoolDirectory directory, Clock clock) throws IOException {
        return read(directory.paths(), FileOpener.ofSystem(), clock);
    }

    static SpoolContents read(SpoolPaths paths, FileOpener opener, Clock clock) throws IOException {
        removeTemporary(paths.queue());
        List<String> names = names(paths.queue());
        QueueFiles queue = new QueueFiles(paths.queue(), paths.corrupt(), opener);
        SpoolReader reader = new SpoolReader();
        List<ScannedFile> files = new ArrayList<>();
        List<ScannedFile> movedAside = new ArrayList<>();
        Instant toldAt = clock.instant();
        for (int i = 0; i < names.size(); i++) {
            ScannedFile file = reader.scan(paths.queue().resolve(names.get(i)));
            tell(file);
            if (file.condition() == Condition.DAMAGED && file.batches().isEmpty()) {
                queue.moveAside(file.name());
                movedAside.add(file);
            } else {
                files.add(file);
            }
            if (Duration.between(toldAt, clock.instant()).compareTo(PROGRESS_INTERVAL) >= 0) {
                toldAt = clock.instant();
                log.atInfo()
                        .addKeyValue("files", i + 1)
                        .addKeyValue("of", names.size())
                        .log("Reading the disk queue of the run before");
            }
        }
        return new SpoolContents(files, movedAside);
    }

    private static void removeTemporary(Path queue) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(queue)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (FileName.isTemporary(name)) {
                    Files.deleteIfExists(file);
                } else if (FileName.parse(name).isEmpty()) {
                    log.atWarn().addKeyValue("file", file).log("This is no spool file; it is left alone");
                }
            }
        }
    }

    private static void tell(ScannedFile file) {
        Optional<String> message =
                switch (file.condition()) {
                    case INTACT -> Optional.empty();
                    case DAMAGED ->
                        Optional.of("Spool file is damaged; what is intact in it will be stored, and the rest read from"
                                + " the topic again");
                    case OTHER_VERSION ->
                        Optional.of("Spool file is of another version; it is left alone: drain it with that version");
                    case UNREADABLE ->
                        Optional.of("Spool file cannot be read; it is left alone: check the disk, then start again");
                };
        message.ifPresent(text -> log.atError()
                .addKeyValue("file", file.name())
                .addKeyValue("problem", file.problem())
                .addKeyValue("intactBatches", file.batches().size())
                .log(text));
    }
}
