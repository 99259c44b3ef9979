package io.stepvault.devkit;

import io.stepvault.event.StepCapture;
import io.stepvault.worker.cli.crawl.CrawlDirectory;
import io.stepvault.worker.cli.crawl.CrawlException;
import io.stepvault.worker.cli.crawl.StepFiles;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The crawl that ships with this module, in its jar or, in a build, in a directory. Stateless; safe for any thread. */
final class SampleCrawl {
    /** Beside the crawl; a jar need not list directories. */
    private static final String NEIGHBOUR = "samples/NOTICE";

    private static final String CRAWL = "crawl";

    private SampleCrawl() {}

    /**
     * Reads the sample, as {@code stepvault publish} would.
     *
     * @param sessionSuffix added to each session's id
     */
    static Crawl read(String sessionSuffix) {
        return beside(
                Objects.requireNonNull(SampleCrawl.class.getResource(NEIGHBOUR), "the sample crawl"), sessionSuffix);
    }

    /** Reads the crawl that lies beside a file, which may be in a jar. */
    static Crawl beside(URL neighbour, String sessionSuffix) {
        try {
            if (!neighbour.getProtocol().equals("jar")) {
                return read(Path.of(neighbour.toURI()).resolveSibling(CRAWL), sessionSuffix);
            }
            String[] jarAndEntry = neighbour.getPath().split("!", 2);
            try (FileSystem jar = FileSystems.newFileSystem(Path.of(new URI(jarAndEntry[0])))) {
                return read(jar.getPath(jarAndEntry[1]).resolveSibling(CRAWL), sessionSuffix);
            }
        } catch (IOException | URISyntaxException | CrawlException e) {
            throw new IllegalStateException("The sample crawl cannot be read from " + neighbour, e);
        }
    }

    private static Crawl read(Path root, String sessionSuffix) throws CrawlException {
        CrawlDirectory crawl = CrawlDirectory.open(root);
        List<StepCapture> captures = new ArrayList<>();
        for (Path session : crawl.sessions()) {
            String sessionId = session.getFileName() + sessionSuffix;
            List<StepFiles> steps = crawl.steps(session);
            for (int i = 0; i < steps.size(); i++) {
                captures.add(steps.get(i)
                        .read(sessionId, i)
                        .setEndOfSession(i == steps.size() - 1)
                        .build());
            }
        }
        return Crawl.of(captures);
    }
}
