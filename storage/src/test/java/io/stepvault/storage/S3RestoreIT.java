package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.embedded.EmbeddedS3;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.s3.S3Location;
import io.stepvault.storage.s3.S3ObjectStore;
import io.stepvault.storage.s3.S3Options;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Sessions brought back, and uploads given up, on a server with versions and multipart uploads. */
class S3RestoreIT {
    private static final String BUCKET = "captures";

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static EmbeddedS3 server;

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static S3Client client;

    private final String prefix = "run-" + UUID.randomUUID();
    private final ObjectStore objects = S3ObjectStore.open(
            S3Location.parse(URI.create("s3://" + BUCKET + "?endpoint=" + server.endpoint())),
            S3Options.defaults().withCredentials(credentials()),
            16);
    private final Instant longAgo = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(9));
    private final SteppedClock clock = new SteppedClock(Instant.now());
    private final StepStore store =
            new ObjectStepStore(objects, prefix, TestStores.direct().withClock(clock));
    private final SessionLifecycle lifecycle =
            new SessionLifecycle(objects, prefix, TestStores.direct().withClock(clock));

    @BeforeAll
    static void start() {
        server = EmbeddedS3.builder().start();
        server.createBucket(BUCKET);
        client = S3Client.builder()
                .endpointOverride(server.endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        client.putBucketVersioning(request -> request.bucket(BUCKET)
                .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
    }

    private static StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(server.accessKey(), server.secretKey()));
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @AfterEach
    void close() {
        store.close();
        objects.close();
    }

    @Test
    void bringsADeletedSessionBack() {
        store.store(List.of(
                aStep().html("1").attachment("log", new byte[3]).build(),
                aStep().called("old").at(longAgo).html("22").build(),
                aStep().inSession("session-2").html("3").build()));
        List<String> keys = keys();
        lifecycle.delete("session");
        lifecycle.delete("session-2");
        List<String> told = new ArrayList<>();
        LifecycleListener listener = new LifecycleListener() {
            @Override
            public void removed(ObjectInfo object) {
                throw new AssertionError(object);
            }

            @Override
            public void restored(ObjectVersion version) {
                told.add(version.key());
            }
        };

        Restored would = lifecycle.dryRun(listener).restore("session", Optional.empty());
        assertThat(store.isDeleted("session")).isTrue();
        List<String> planned = List.copyOf(told);
        told.clear();
        Restored restored = lifecycle.telling(listener).restore("session", Optional.empty());

        assertThat(restored).isEqualTo(would);
        assertThat(restored.revisions()).isEqualTo(2);
        assertThat(restored.objects()).isEqualTo(5);
        assertThat(restored.lost()).isZero();
        assertThat(told).containsExactlyElementsOf(planned).hasSize(5);
        List<String> ofOther =
                keys.stream().filter(key -> key.contains("session-2")).toList();
        List<String> expected = new ArrayList<>(keys);
        expected.removeAll(ofOther);
        expected.add(prefix + "/deleted/session-2");
        assertThat(keys()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(store.load("session", "step").orElseThrow().read("html")).containsExactly('1');
        assertThat(store.load("session", "old").orElseThrow().read("html")).containsExactly('2', '2');
        assertThat(store.sessions(PageRequest.first(9)).items()).hasSize(2);
        assertThat(lifecycle.restore("session", Optional.empty())).isEqualTo(new Restored(0, 0, 0, 0));
        assertThat(store.store(List.of(aStep().called("new").build()))).allMatch(StoreOutcome.Stored.class::isInstance);
    }

    @Test
    void bringsExpiredStepsBackAndThoseOfBeforeATimeOnly() {
        store.store(List.of(aStep().at(longAgo).html("early").build()));
        lifecycle.expire(ObjectsLayout.dayOf(store.revisions("session", "step", PageRequest.first(1))
                        .items()
                        .get(0))
                .plusDays(1));
        Instant between = laterThanAll();
        store.store(List.of(aStep().at(longAgo.plusSeconds(1)).html("late").build()));
        Instant withLate = laterThanAll();
        lifecycle.delete("session");

        assertThat(lifecycle.restore("session", Optional.of(between))).isEqualTo(new Restored(0, 0, 0, 0));
        assertThat(store.isDeleted("session")).isTrue();
        assertThat(lifecycle.restore("session", Optional.of(withLate)).revisions())
                .isEqualTo(1);
        assertThat(store.load("session", "step").orElseThrow().read("html"))
                .asString()
                .isEqualTo("late");
        assertThat(store.revisions("session", "step", PageRequest.first(9)).items())
                .hasSize(1);
        assertThat(lifecycle.restore("session", Optional.empty()).revisions()).isEqualTo(1);
        assertThat(store.revisions("session", "step", PageRequest.first(9)).items())
                .hasSize(2);
    }

    /** Versions bear the server's time, to the second. */
    private Instant laterThanAll() {
        Instant last = versions(Optional.empty()).stream()
                .map(ObjectVersion::at)
                .max(Instant::compareTo)
                .orElseThrow()
                .truncatedTo(ChronoUnit.SECONDS);
        Awaitility.await().until(() -> Instant.now().isAfter(last.plusSeconds(2)));
        return last.plusSeconds(1);
    }

    @Test
    void bringsBackWhatWasDeletedMoreThanOnce() {
        store.store(List.of(aStep().html("1").build()));
        lifecycle.delete("session");
        // Whoever deletes what is not there puts another marker.
        versions(Optional.empty()).stream().map(ObjectVersion::key).distinct().forEach(objects::delete);
        lifecycle.delete("session");

        assertThat(lifecycle.restore("session", Optional.empty()).revisions()).isEqualTo(1);
        assertThat(store.load("session", "step").orElseThrow().read("html")).containsExactly('1');
    }

    /** As the bucket's own rules leave it, which know no order. */
    @Test
    void makesAStepWholeThatIsHalfExpired() {
        store.store(List.of(aStep().html("1").attachment("log", new byte[3]).build()));
        keys().stream().filter(key -> key.endsWith("page.html")).forEach(objects::delete);

        assertThat(lifecycle.restore("session", Optional.empty())).isEqualTo(new Restored(1, 1, 1, 0));
        assertThat(store.load("session", "step").orElseThrow().read("html")).containsExactly('1');
    }

    @Test
    void bringsNothingBackOfWhatCannotBeWhole() {
        store.store(List.of(
                aStep().html("1").attachment("log", new byte[3]).build(),
                aStep().called("whole").html("2").build()));
        lifecycle.delete("session");
        versions(Optional.of("step")).stream()
                .filter(version -> version.key().endsWith("page.html") && !version.isDeleteMarker())
                .forEach(version -> client.deleteObject(
                        request -> request.bucket(BUCKET).key(version.key()).versionId(version.id())));
        List<String> lost = new ArrayList<>();
        LifecycleListener listener = new LifecycleListener() {
            @Override
            public void removed(ObjectInfo object) {}

            @Override
            public void lost(String revision, String why) {
                lost.add(revision + " " + why);
            }
        };

        Restored restored = lifecycle.telling(listener).restore("session", Optional.empty());

        assertThat(restored.revisions()).isEqualTo(1);
        assertThat(restored.lost()).isEqualTo(1);
        assertThat(lost.get(0)).contains("/steps/step/", "no version is left of its artifact html");
        assertThat(keys()).noneMatch(key -> key.contains("/steps/step/"));
        assertThat(store.load("session", "whole")).isPresent();
    }

    @Test
    void leavesTheTombstoneIfNothingComesBack() {
        lifecycle.delete("session");

        assertThat(lifecycle.restore("session", Optional.empty()).revisions()).isZero();
        assertThat(store.isDeleted("session")).isTrue();
    }

    @Test
    void waitsForWhoeverRemovesOldSteps() {
        store.store(List.of(aStep().at(longAgo).html("1").build()));
        lifecycle.expire(ObjectsLayout.dayOf(store.revisions("session", "step", PageRequest.first(1))
                        .items()
                        .get(0))
                .plusDays(1));
        String mark = prefix + "/removing/" + longAgo.toString().substring(0, 10) + "/session/somebody";
        client.putObject(request -> request.bucket(BUCKET).key(mark), RequestBody.empty());

        assertThatThrownBy(() -> lifecycle.restore("session", Optional.empty()))
                .isInstanceOf(TransientStoreException.class)
                .hasMessageContaining("restore it later");
        objects.delete(mark);
        assertThat(lifecycle.restore("session", Optional.empty())).isEqualTo(new Restored(0, 0, 0, 0));
        assertThat(store.load("session", "step")).isPresent();
        assertThat(store.sessions(PageRequest.first(9)).items()).hasSize(1);
    }

    @Test
    void bringsBackWhatDoesNotFitAPage() {
        List<StepCapture> captures = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            captures.add(aStep().called("step-" + i).html("page " + i).build());
        }
        for (int i = 0; i < 9; i++) {
            store.store(captures);
        }
        lifecycle.delete("session");
        assertThat(versions(Optional.empty())).hasSize(1 + 60 * 2 * 10);

        assertThat(lifecycle.restore("session", Optional.empty()).objects()).isEqualTo(120);
        assertThat(store.steps("session", PageRequest.first(100)).items()).hasSize(60);
    }

    @Test
    void showsVersionsOfASessionAndOfAStep() {
        store.store(List.of(
                aStep().html("1").build(),
                aStep().called("step2").build(),
                aStep().inSession("session2").build()));
        lifecycle.delete("session");

        assertThat(versions(Optional.empty()))
                .hasSize(7)
                .allMatch(version -> !version.key().contains("session2"));
        assertThat(versions(Optional.empty()).get(0).key()).endsWith("/deleted/session");
        List<ObjectVersion> ofStep = versions(Optional.of("step"));
        assertThat(ofStep).hasSize(4).allMatch(version -> version.key().contains("/steps/step/"));
        assertThat(ofStep).extracting(ObjectVersion::isDeleteMarker).containsExactly(true, false, true, false);
        assertThat(ofStep).extracting(ObjectVersion::isLatest).containsExactly(true, false, true, false);
        assertThat(ofStep.get(1).size()).isEqualTo(1);
    }

    @Test
    void givesUpUploadsUnderThePrefixOnly() {
        String beside = prefix + "-2/sessions/x";
        for (String key : List.of(prefix + "/sessions/session/upload", beside)) {
            String id = client.createMultipartUpload(
                            request -> request.bucket(BUCKET).key(key))
                    .uploadId();
            client.uploadPart(
                    request -> request.bucket(BUCKET).key(key).uploadId(id).partNumber(1),
                    RequestBody.fromBytes(new byte[7]));
        }
        assertThat(lifecycle.state().uploads()).hasValue(1);
        assertThat(lifecycle.clean(Duration.ofDays(2))).isEqualTo(new Removed(0, 0));
        clock.advance(Duration.ofDays(2).plusMinutes(1));

        assertThat(lifecycle.dryRun(object -> {}).clean(Duration.ofDays(2))).isEqualTo(new Removed(0, 1, 7, 0));
        assertThat(lifecycle.clean(Duration.ofDays(2))).isEqualTo(new Removed(0, 1, 7, 0));
        assertThat(client.listMultipartUploads(request -> request.bucket(BUCKET))
                        .uploads())
                .singleElement()
                .satisfies(upload -> assertThat(upload.key()).isEqualTo(beside));
        client.listMultipartUploads(request -> request.bucket(BUCKET))
                .uploads()
                .forEach(upload -> client.abortMultipartUpload(
                        request -> request.bucket(BUCKET).key(upload.key()).uploadId(upload.uploadId())));
    }

    @Test
    void saysThatAStoreKeepsNoVersions(@TempDir Path directory) {
        try (SessionLifecycle files = SessionLifecycle.open(
                        directory.toUri(), TestStores.direct().withClock(Clock.systemUTC()));
                EmbeddedS3 plain = EmbeddedS3.builder()
                        .directory(directory.resolve("s3"))
                        .credentials(server.accessKey(), server.secretKey())
                        .start();
                SessionLifecycle bucket = SessionLifecycle.open(
                        URI.create("s3://plain?endpoint=" + plain.endpoint()),
                        TestStores.direct().withS3(S3Options.defaults().withCredentials(credentials())))) {
            plain.createBucket("plain");
            for (SessionLifecycle each : List.of(files, bucket)) {
                assertThatThrownBy(() -> each.restore("session", Optional.empty()))
                        .isInstanceOf(StoreAccessException.class)
                        .hasMessageContaining("keeps no versions");
            }
        }
    }

    private List<ObjectVersion> versions(Optional<String> step) {
        List<ObjectVersion> found = new ArrayList<>();
        lifecycle.versions("session", step, found::add);
        return found;
    }

    private List<String> keys() {
        return client.listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(prefix + "/")).contents().stream()
                .map(object -> object.key())
                .toList();
    }
}
