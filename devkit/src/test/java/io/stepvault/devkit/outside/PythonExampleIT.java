package io.stepvault.devkit.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in Python, with Debian's packages. */
class PythonExampleIT {
    /** That of the system, for which Debian's packages are. */
    private static final String PYTHON = "/usr/bin/python3";

    private static final Path HERE = ExampleSite.EXAMPLES.resolve("python");

    @TempDir
    private Path directory = Path.of("");

    @BeforeAll
    static void require() throws Exception {
        ChildProcess.require("sh");
        ChildProcess imported = ChildProcess.run(
                HERE, Map.of(), "sh", "-c", PYTHON + " -c 'import avro.schema, avro.io, confluent_kafka'");
        ChildProcess.skipUnless(
                imported.exitCode() == 0,
                PYTHON + " lacks python3-avro or python3-confluent-kafka:\n" + imported.err());
    }

    @Test
    void itsRecordsAreThoseOfTheConformanceKit() throws Exception {
        ChildProcess done = ChildProcess.succeed(HERE, Map.of(), PYTHON, "-B", "-m", "unittest");

        assertThat(done.err()).contains("Ran 1 test").contains("OK");
    }

    @Test
    void whatItCrawlsIsStoredAsItWas() throws Exception {
        try (IngestBed bed = new IngestBed(directory);
                ExampleSite site = new ExampleSite()) {
            ChildProcess crawl = ChildProcess.succeed(
                    HERE,
                    Map.of(),
                    PYTHON,
                    "-B",
                    "crawl.py",
                    "--bootstrap",
                    bed.bootstrapServers(),
                    "--start",
                    site.page("index.html").toString(),
                    "--session",
                    "python");

            CrawledSite.assertStored(bed, site, "python", crawl.out(), new CrawledSite.Kind("examples/python", false));
            assertThat(new String(bed.step("python", "step-0002").read("attachments/headers.txt"), UTF_8))
                    .containsIgnoringCase("content-type: text/html");
        }
    }

    @Test
    void theStorageManagerReadsWhatItHasStored() throws Exception {
        try (IngestBed bed = new IngestBed(directory)) {
            ChildProcess done = ChildProcess.succeed(
                    HERE,
                    Map.of(),
                    PYTHON,
                    "-B",
                    "storage_manager.py",
                    "--bootstrap",
                    bed.bootstrapServers(),
                    "--api",
                    bed.api().toString(),
                    "--session",
                    "managed");

            assertThat(done.out().lines()).containsExactly("as stored", "never stored: None");
            assertThat(bed.step("managed", "step 1").read("html")).isEqualTo("<h1>Olá</h1>".getBytes(UTF_8));
        }
    }
}
