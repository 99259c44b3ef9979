package io.stepvault.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.Stepvault;
import io.stepvault.worker.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quick form, so that it cannot rot: everyone drains, nobody errs, the reports can be read. It says nothing of speed. */
class QuickBenchIT {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path directory;

    @Test
    void everyContenderDrainsAndNobodyErrs() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/stat")), "NOT TESTED: this system has no /proc");
        Path reports = directory.resolve("reports");
        Path work = Files.createDirectory(directory.resolve("work"));

        int exit = run("--quick", "--captures=300", "--tls", "--out=" + reports, "--work-dir=" + work);

        assertThat(text(err)).contains("and found 0 mistakes").doesNotContain("FAILED");
        assertThat(exit).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).contains("Targets", "at half load");
        assertThat(values(reports.resolve("bench.json"), "id"))
                .contains("consume-only", "lean-batch", "lean-capture", "lean-artifact", "stepvault");
        assertThat(values(reports.resolve("bench.json"), "rounds")).containsOnly("1");
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(reports.resolve("bench.svg").toFile());
        try (Stream<Path> left = Files.list(work)) {
            assertThat(left).as("files that are left").isEmpty();
        }
    }

    @Test
    void aSeriesIsMeasuredToItsEnd() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/stat")), "NOT TESTED: this system has no /proc");

        int exit = run("scale", "--series=sessions", "--megabytes=1", "--most-sessions=10", "--work-dir=" + directory);

        assertThat(text(err)).doesNotContain("FAILED");
        assertThat(exit).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).contains("CPU ms/capture").containsPattern("\\n +10 +256m +500 ");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).as("files that are left").isEmpty();
        }
    }

    private int run(String... options) {
        Console console = new Console(out, err, Console.Kind.plain(), Map.of(), Clock.systemUTC());
        return Stepvault.execute(console, Bench.commandLine(console), options);
    }

    private static List<String> values(Path json, String field) throws IOException {
        List<String> values = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json.toFile())) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.FIELD_NAME && field.equals(parser.currentName())) {
                    parser.nextToken();
                    values.add(parser.getText());
                }
            }
        }
        return values;
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
