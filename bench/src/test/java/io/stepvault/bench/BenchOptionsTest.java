package io.stepvault.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.Stepvault;
import io.stepvault.worker.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rounds 0            | --rounds: expected 1 or more, was 0",
                "--rounds many         | Invalid value for option '--rounds': 'many' is not an int",
                "--data medium         | --data: there is no set medium; expected large or small",
                "--contenders me       | --contenders: there is no me; expected consume-only, lean-batch",
                "--heap much           | --heap: expected a size like 256m or 1g, was much",
                "--latency -1          | --latency: expected milliseconds, 0 or more",
                "--work-dir /no/such   | --work-dir: there is no directory /no/such",
                "--connector a         | --connect-plugin and --connector: expected both or none",
                "--connect-plugin . --connector /no/such --module . | --connector: there is no file /no/such",
                "--quik                | Unknown option: '--quik'",
                "scale --series size   | --series: there is no size; expected sessions, sizes, partitions, backlog",
                "scale --megabytes 0   | --megabytes, --most-sessions, --most-backlog: expected 1 or more"
            })
    void refusesBadOptionsInOneLine(String options, String message) {
        int exit = run(options.strip().split(" "));

        assertThat(exit).isEqualTo(ExitCode.USAGE);
        assertThat(text(err).lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains(message));
        assertThat(text(err)).doesNotContain("\tat ");
    }

    @Test
    void explainsItself() {
        assertThat(run("--help")).isEqualTo(ExitCode.DONE);
        assertThat(run("scale", "--help")).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).contains("--quick", "--contenders", "bench micro", "--most-sessions");
    }

    private int run(String... options) {
        Console console = new Console(out, err, Console.Kind.plain(), Map.of(), Clock.systemUTC());
        return Stepvault.execute(console, Bench.commandLine(console), options);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
