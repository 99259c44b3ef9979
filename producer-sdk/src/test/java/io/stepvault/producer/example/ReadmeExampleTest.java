package io.stepvault.producer.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path EXAMPLE =
            Path.of("src", "test", "java", "io", "stepvault", "producer", "example", "PublishExample.java");

    @Test
    void theReadmeShowsTheExampleThatIsTested() throws IOException {
        String example = between(Files.readString(EXAMPLE), "// tag::example[]\n", "// end::example[]");
        String shown = between(Files.readString(README), "```java\n", "```");

        assertThat(shown)
                .as("README.md must show PublishExample.java, from tag to end, to the letter")
                .isEqualTo(example);
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
