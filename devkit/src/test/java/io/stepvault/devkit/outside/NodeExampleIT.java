package io.stepvault.devkit.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The crawler in Node, as a user runs it: installed from its lock file, on a broker and a site on loopback. */
class NodeExampleIT {
    private static final Path HERE = Path.of("target", "example-node").toAbsolutePath();

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void install() throws Exception {
        ChildProcess.require("node", "npm");
        ChildProcess.requireChromium();
        copy(ExampleSite.EXAMPLES.resolve("node"), HERE);
        ChildProcess installed = ChildProcess.run(
                HERE, Map.of(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
        ChildProcess.skipUnless(installed.exitCode() == 0, "npm cannot install its dependencies:\n" + installed.err());
    }

    @Test
    void itsRecordsAreThoseOfTheConformanceKit() throws Exception {
        String kit = Path.of("..", "conformance").toRealPath().toUri().toString();

        ChildProcess done = ChildProcess.succeed(HERE, Map.of("CONFORMANCE_KIT", kit), "node", "--test");

        assertThat(done.out()).containsPattern("(?m)^. pass [1-9]").containsPattern("(?m)^. fail 0$");
    }

    @Test
    void whatItCrawlsIsStoredAsItWas() throws Exception {
        try (IngestBed bed = new IngestBed(directory);
                ExampleSite site = new ExampleSite()) {
            ChildProcess crawl = ChildProcess.succeed(
                    HERE,
                    Map.of(),
                    "node",
                    "crawl.js",
                    "--bootstrap",
                    bed.bootstrapServers(),
                    "--start",
                    site.page("index.html").toString(),
                    "--session",
                    "node crawl/1");

            CrawledSite.assertStored(
                    bed, site, "node crawl/1", crawl.out(), new CrawledSite.Kind("examples/node", true));
            assertThat(CrawledSite.recordsPerStep(crawl.out()))
                    .as("only the large page comes in chunks")
                    .containsExactly("1", "1", "3", "1");
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(to);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
