package io.stepvault.worker.cli.crawl;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A crawl in a directory: {@code SESSION/STEP/} with {@code page.html}, {@code screenshot.png} (or {@code .jpg}, {@code
 * .jpeg}, {@code .webp}), {@code action.json} and {@code attachments/}, any of which may be missing. The directories'
 * names are the ids. Names that begin with a dot are passed over; symbolic links are not followed, since a crawl may
 * come from anywhere. Files are read only when a step is. Stateless but for its path; safe for any thread.
 */
public final class CrawlDirectory {
    private static final String EXPECTED =
            "expected a directory for each session, in it one for each step, in that page.html, screenshot.png or"
                    + " action.json";

    private static final Comparator<Path> BY_NAME = Comparator.comparing(CrawlDirectory::name, new NaturalOrder());

    private final Path root;

    private CrawlDirectory(Path root) {
        this.root = root;
    }

    /**
     * A directory with a crawl in it.
     *
     * @throws CrawlException if there is none
     */
    public static CrawlDirectory open(Path root) throws CrawlException {
        if (!Files.exists(root)) {
            throw new CrawlException("there is no directory " + root + "; " + EXPECTED, null);
        } else if (!Files.isDirectory(root)) {
            throw new CrawlException(root + " is a file; " + EXPECTED, null);
        }
        CrawlDirectory crawl = new CrawlDirectory(root);
        if (new StepFiles(root).isStep()) {
            throw new CrawlException(root + " looks like one step; name the directory of its session's parent", null);
        }
        boolean holdsSteps = false;
        for (Path session : crawl.sessions()) {
            if (new StepFiles(session).isStep()) {
                throw new CrawlException(root + " looks like one session; name the directory above it", null);
            }
            holdsSteps = holdsSteps || crawl.holdsStep(session);
        }
        if (!holdsSteps) {
            throw new CrawlException("there is no crawl in " + root + "; " + EXPECTED, null);
        }
        return crawl;
    }

    /** Whether there is a step in a session, or one that cannot be read. */
    private boolean holdsStep(Path session) {
        try {
            return steps(session).stream().anyMatch(step -> step.isStep() || !Files.isReadable(step.directory()));
        } catch (CrawlException e) {
            return true;
        }
    }

    /**
     * The directories of the sessions, in natural order of their names.
     *
     * @throws CrawlException if the directory cannot be read
     */
    public List<Path> sessions() throws CrawlException {
        return directories(root);
    }

    /**
     * The steps of a session, in natural order of their names.
     *
     * @throws CrawlException if the session's directory cannot be read
     */
    public List<StepFiles> steps(Path session) throws CrawlException {
        return directories(session).stream().map(StepFiles::new).toList();
    }

    private static List<Path> directories(Path parent) throws CrawlException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                if (!name(entry).startsWith(".") && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new CrawlException("cannot read directory " + parent + ": " + reason(e), e);
        }
        found.sort(BY_NAME);
        return found;
    }

    static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** Many of these exceptions say no more than the file's name. */
    static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "this user may not read it";
        }
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
    }
}
