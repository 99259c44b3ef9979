package io.stepvault.worker.cli;

import io.stepvault.worker.cli.terminal.JsonText;
import io.stepvault.worker.deadletter.StoredDeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes dead letters to a directory: {@code PARTITION-OFFSET.bin} holds the record's value, none if it has none, and
 * then {@code PARTITION-OFFSET.json} says all the rest. Names are made of numbers alone, since what a record says of
 * itself is hostile. Whole or not at all, and nothing is ever overwritten.
 */
final class DeadLetterFiles {
    private final Path directory;

    /** Makes the directory if it is missing. */
    DeadLetterFiles(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw CommandFailure.couldNotRun(directory + " is a file, not a directory; name another --to", e);
        } catch (IOException e) {
            throw CommandFailure.couldNotRun("cannot make directory " + directory + ": " + e, e);
        }
    }

    void write(StoredDeadLetter letter, SourceRecord record) {
        String name = letter.place().partition() + "-" + letter.place().offset();
        Path description = directory.resolve(name + ".json");
        if (Files.exists(description, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(description, null);
        }
        byte[] value = record.value();
        if (value != null) {
            write(directory.resolve(name + ".bin"), value);
        }
        String json = JsonText.object(fields -> {
            new DeadLetterText(letter).json(fields);
            DeadLetterText.json(fields, record);
        });
        write(description, (json + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Into a file beside it first, so that nobody takes half a value for a whole one. */
    private void write(Path target, byte[] bytes) {
        Path part = directory.resolve(".stepvault-" + UUID.randomUUID() + ".part");
        try {
            try {
                Files.write(part, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Files.move(part, target);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (FileAlreadyExistsException e) {
            throw exists(target, e);
        } catch (IOException e) {
            throw CommandFailure.couldNotRun("cannot write " + target + ": " + e, e);
        }
    }

    private static CommandFailure exists(Path target, @Nullable Throwable cause) {
        return CommandFailure.couldNotRun(
                target + " is there already and is not overwritten; name another directory with --to", cause);
    }
}
