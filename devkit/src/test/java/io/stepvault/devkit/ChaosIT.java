package io.stepvault.devkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.worker.cli.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChaosIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Not a temporary one: the logs of a failure must outlive it. */
    private static final Path DIRECTORY = Path.of("target", "chaos");

    @AfterEach
    void noProcessIsLeft() {
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void nothingIsLostOrDoubledWhateverHappens() {
        // when
        CommandLineRun chaos = new CommandLineRun();
        int exitCode = chaos.run("chaos", "--duration", "30s", "--rate", "15", "--dir", DIRECTORY.toString(), "--json");

        // then
        assertThat(exitCode).as("%s%s", chaos.err(), chaos.out()).isEqualTo(ExitCode.DONE);
        assertThat(chaos.err()).contains("Seed ");
        String report = chaos.out();
        assertThat(value(report, "losses")).isZero();
        assertThat(value(report, "duplicates")).isZero();
        assertThat(value(report, "uncompleted")).isZero();
        assertThat(value(report, "published")).isGreaterThan(300);
        assertThat(value(report, "stored")).isEqualTo(value(report, "published"));
        assertThat(value(report, "completions")).isGreaterThan(value(report, "published"));
        assertThat(value(report, "poison")).isPositive();
        assertThat(value(report, "dead_letters")).isGreaterThanOrEqualTo(value(report, "poison"));
        // It would be easy to lose nothing if nothing happened.
        for (String trouble : new String[] {
            "kills", "stalls", "terminations", "broker_stops", "store_outages", "requests_faulted", "rebalances"
        }) {
            assertThat(value(report, trouble)).as(trouble).isPositive();
        }
        assertThat(value(report, "peak_spool_bytes")).isPositive();
        assertThat(value(report, "peak_resident_bytes")).isPositive();
    }

    @Test
    void endsItsProcessesWhenInterrupted() throws Exception {
        // given
        CommandLineRun chaos = new CommandLineRun();
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> exitCode.complete(chaos.run("chaos", "--workers", "1", "--dir", DIRECTORY.toString())));
        thread.start();
        await().atMost(PATIENCE).until(() -> exitCode.isDone() || chaos.err().contains("1 worker started"));

        // when
        thread.interrupt();

        // then
        assertThat(exitCode.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(130);
        assertThat(chaos.err()).contains("interrupted");
    }

    @ParameterizedTest
    @CsvSource({
        "--plan, madness, mixed",
        "--store, tape, s3 or file",
        "--duration, soon, 500ms",
        "--workers, 0, 1 or more",
        "--worker-heap, big, 256m"
    })
    void refusesWhatItDoesNotKnow(String option, String value, String expected) {
        CommandLineRun chaos = new CommandLineRun();

        assertThat(chaos.run("chaos", option, value)).isEqualTo(ExitCode.USAGE);
        assertThat(chaos.err()).contains(option, "'" + value + "'", expected);
    }

    private static long value(String report, String key) {
        Matcher field = Pattern.compile("\"" + key + "\":(-?\\d+)").matcher(report);
        return Optional.of(field)
                .filter(Matcher::find)
                .map(found -> Long.parseLong(found.group(1)))
                .orElseThrow(() -> new AssertionError("no " + key + " in " + report));
    }
}
