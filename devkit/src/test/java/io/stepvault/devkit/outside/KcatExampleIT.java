package io.stepvault.devkit.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.StoredStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the example for kcat, as they stand in its README. */
class KcatExampleIT {
    private static final Path EXAMPLE = ExampleSite.EXAMPLES.resolve("kcat");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void theCommandsOfTheReadmePublishTwoSteps() throws Exception {
        ChildProcess.require("bash", "kcat", "python3", "seq");
        Files.copy(EXAMPLE.resolve("capture.py"), directory.resolve("capture.py"));
        Matcher commands =
                Pattern.compile("(?s)```sh\n(.*?)```").matcher(Files.readString(EXAMPLE.resolve("README.md")));
        assertThat(commands.find()).isTrue();
        try (IngestBed bed = new IngestBed(directory.resolve("bed"))) {

            ChildProcess.succeed(
                    directory,
                    Map.of("BROKER", bed.bootstrapServers()),
                    "bash",
                    "-euo",
                    "pipefail",
                    "-c",
                    commands.group(1));

            assertThat(bed.steps("crawl-42")).containsExactly("step-1", "step-2");
            StoredStep first = bed.step("crawl-42", "step-1");
            assertThat(first.read("html")).isEqualTo("<h1>Hello</h1>\n".getBytes(UTF_8));
            assertThat(first.record().action()).contains("{\"type\": \"click\", \"selector\": \"#next\"}");
            assertThat(first.record().url()).contains("https://shop.example/");
            assertThat(first.record().labels()).containsExactly(Map.entry("crawler", "kcat"));
            StoredStep second = bed.step("crawl-42", "step-2");
            assertThat(directory.resolve("step-2").toFile().list()).hasSize(2 * 3);
            assertThat(new String(second.read("html"), UTF_8))
                    .isEqualTo(IntStream.rangeClosed(1, 400_000)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining("\n", "", "\n")));
        }
    }
}
