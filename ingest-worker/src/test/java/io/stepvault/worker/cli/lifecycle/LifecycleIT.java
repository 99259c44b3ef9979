package io.stepvault.worker.cli.lifecycle;

import static io.stepvault.worker.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.storage.BucketLifecycle;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.worker.cli.CommandRun;
import io.stepvault.worker.cli.ExitCode;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The commands, on a bucket with versions and without lifecycle rules. */
class LifecycleIT {
    private static final String ACCESS_KEY = "aws.accessKeyId";
    private static final String SECRET_KEY = "aws.secretAccessKey";

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static EmbeddedS3 server;

    @BeforeAll
    static void start() {
        server = EmbeddedS3.builder().start();
        server.createBucket("captures");
        // Where the SDK's default chain looks first.
        System.setProperty(ACCESS_KEY, server.accessKey());
        System.setProperty(SECRET_KEY, server.secretKey());
    }

    @AfterAll
    static void stop() {
        System.clearProperty(ACCESS_KEY);
        System.clearProperty(SECRET_KEY);
        server.close();
    }

    @Test
    void deletesAndRestoresASession() {
        assertThat(run("bucket", "apply", "--versioning", "--dry-run").lines())
                .containsExactly("versioning on, for the whole bucket");
        assertThat(run("bucket", "show", "--json").lines()).containsExactly("{\"versioning\":\"off\",\"rules\":null}");
        assertThat(run("bucket", "apply", "--versioning", "--yes").exitCode()).isZero();
        try (StepStore store = StepStore.open(uri())) {
            store.store(List.of(
                    aStep("session", "one").build(), aStep("session", "two").build()));
        }
        run("delete", "session", "--yes");
        assertThat(CommandRun.of("get", "session", "one", "--store", uri().toString())
                        .exitCode())
                .isEqualTo(ExitCode.PROBLEMS);

        CommandRun versions = run("versions", "session", "one");
        CommandRun json = run("versions", "session", "one", "--json");
        CommandRun dry = run("restore", "session", "--dry-run");
        CommandRun restored = run("restore", "session", "--json");

        assertThat(versions.lines()).hasSize(4);
        assertThat(versions.lines().get(0)).containsPattern("Z +latest +deleted +crawls/sessions/session/steps/one/");
        assertThat(versions.lines().get(1)).containsPattern("Z +\\d+ B +crawls/sessions/session/steps/one/");
        assertThat(json.lines().get(0)).contains("\"latest\":true,\"deleted\":true");
        assertThat(dry.lines()).hasSize(5);
        assertThat(dry.lines().get(4)).matches("would restore 2 revisions, 4 objects, .*B");
        assertThat(restored.lines())
                .singleElement()
                .asString()
                .startsWith("{\"dry_run\":false,\"revisions\":2,\"objects\":4,\"bytes\":")
                .endsWith("\"lost\":0}");
        assertThat(CommandRun.of("get", "session", "one", "--store", uri().toString())
                        .exitCode())
                .isZero();
        CommandRun again = run("restore", "session");
        assertThat(again.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(again.err()).contains("there is nothing to restore of session session");
        assertThat(run("versions", "nobody").exitCode()).isEqualTo(ExitCode.PROBLEMS);
    }

    @Test
    void saysThatTheStoreHasNoLifecycleRules() {
        CommandRun shown = run("bucket", "show");
        CommandRun applied = run("bucket", "apply", "--uploads-after", "7d", "--yes");

        assertThat(shown.exitCode()).isZero();
        assertThat(shown.err()).contains("this store has no lifecycle rules");
        assertThat(applied.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(applied.err()).contains("this store has no lifecycle rules");
        assertThat(run("bucket", "remove", "--yes").err()).contains("the bucket has no rules for this store");
        assertThat(run("show").lines())
                .anyMatch(line -> line.equals("rules       this store has no lifecycle rules"))
                .anyMatch(line -> line.startsWith("uploads     0 unfinished"));
    }

    /** The bucket would not know them. */
    @Test
    void letsNoBucketExpireWhatALabelHolds() {
        run("policy", "--hold", "legal", "--yes");

        CommandRun run = run("bucket", "apply", "--expire-after", "90d", "--yes");

        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(run.err()).contains("nothing was changed", "policy holds labels");
        try (BucketLifecycle bucket = BucketLifecycle.open(uri(), StoreOptions.defaults())) {
            assertThat(bucket.state().rules()).isEmpty();
        }
        run("policy", "--keep-all", "--yes");
    }

    private static URI uri() {
        return URI.create("s3://captures/crawls?endpoint=" + server.endpoint());
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(
                Stream.of(Stream.of("lifecycle"), Stream.of(arguments), Stream.of("--store", uri().toString()))
                        .flatMap(each -> each)
                        .toArray(String[]::new));
    }
}
