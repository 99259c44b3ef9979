package io.stepvault.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be closed, the last opened first. Stateless. */
final class OpenedParts {
    private static final Logger log = LoggerFactory.getLogger(OpenedParts.class);

    private OpenedParts() {}

    /** Notes that a part is to be closed. */
    static <T extends AutoCloseable> T keep(Deque<AutoCloseable> opened, T part) {
        opened.addFirst(part);
        return part;
    }

    /** A directory of this process alone, which goes with all that is in it. */
    static Path temporaryDirectory(Deque<AutoCloseable> opened, Path parent, String name) throws IOException {
        Path directory = Files.createTempDirectory(parent, name); // nobody else may read it
        opened.addFirst(() -> delete(directory));
        return directory;
    }

    private static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(directory)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }

    /** Closes all of it; a part that fails keeps no other from being closed. */
    static void closeAll(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            AutoCloseable part = opened.removeFirst();
            try {
                part.close();
            } catch (Exception e) {
                log.atWarn()
                        .setCause(e)
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .log("Closing failed");
            }
        }
    }
}
