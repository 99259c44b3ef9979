package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.Artifacts;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StoredStep;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.worker.Captures;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactFilesTest {
    @TempDir
    private Path root = Path.of("");

    @Test
    void writesEverythingOfAStep() throws Exception {
        StoredStep step = step(Map.of("net.har", "{}"));

        List<Path> written = files(step, false).writeAllInto(out(), step.record());

        assertThat(written)
                .containsExactly(
                        out().resolve("attachments/net.har"),
                        out().resolve("page.html"),
                        out().resolve("action.json"),
                        out().resolve("step.json"));
        assertThat(out().resolve("page.html")).hasContent("<p>s/1</p>");
        assertThat(out().resolve("action.json")).hasContent("{\"type\":\"click\"}");
        assertThat(CommitRecord.parse(Files.readAllBytes(out().resolve("step.json"))))
                .isEqualTo(step.record());
    }

    @Test
    void staysInsideTheDirectoryWhateverAnAttachmentIsCalled() throws Exception {
        StoredStep step = step(Map.of("../../escaped", "x", "/etc/escaped", "x", "..", "x", "a\u0000b", "x"));

        files(step, false).writeAllInto(out(), step.record());

        try (Stream<Path> all = Files.walk(root)) {
            assertThat(all.filter(Files::isRegularFile)).allMatch(file -> file.startsWith(out()));
        }
        assertThat(out().resolve("attachments/%2E.%2F..%2Fescaped")).hasContent("x");
    }

    @Test
    void doesNotWriteThroughASymbolicLinkOutOfTheDirectory() throws Exception {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.createDirectory(out());
        Files.createSymbolicLink(out().resolve("attachments"), elsewhere);
        Files.createSymbolicLink(out().resolve("page.html"), elsewhere.resolve("page.html"));
        StoredStep step = step(Map.of("net.har", "{}"));

        assertThatThrownBy(() -> files(step, true).writeInto(out(), "attachments/net.har"))
                .hasMessageContaining("is a symbolic link");
        files(step, true).writeInto(out(), "html");

        assertThat(elsewhere).isEmptyDirectory();
        assertThat(out().resolve("page.html")).isRegularFile();
        assertThat(Files.isSymbolicLink(out().resolve("page.html"))).isFalse();
    }

    @Test
    void overwritesOnlyWhenToldTo() throws Exception {
        StoredStep step = step(Map.of());
        Path target = Files.writeString(root.resolve("page"), "mine");

        assertThatThrownBy(() -> files(step, false).writeTo(target, "html")).hasMessageContaining("--force");
        assertThat(target).hasContent("mine");

        files(step, true).writeTo(target, "html");
        assertThat(target).hasContent("<p>s/1</p>");
    }

    @Test
    void leavesNothingOfADamagedArtifact() {
        StoredStep damaged = new MemoryStep(capture(Map.of()), true);

        assertThatThrownBy(() -> files(damaged, false).writeInto(out(), "html"))
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.PROBLEMS))
                .hasMessageContaining("damaged");

        assertThat(out()).isEmptyDirectory();
    }

    private Path out() {
        return root.resolve("out");
    }

    private static ArtifactFiles files(StoredStep step, boolean force) {
        return new ArtifactFiles(new ArtifactCopy(step), force);
    }

    private static StoredStep step(Map<String, String> attachments) {
        return new MemoryStep(capture(attachments), false);
    }

    private static StepCapture capture(Map<String, String> attachments) {
        var artifacts = new TreeMap<String, Artifact>();
        attachments.forEach(
                (name, text) -> artifacts.put(name, Artifacts.of("text/plain", text.getBytes(StandardCharsets.UTF_8))));
        return Captures.aStep("s", "1").setAttachments(artifacts).build();
    }

    /** A step whose artifacts break off as damaged ones do, if they are. */
    private record MemoryStep(StepCapture capture, boolean damaged) implements StoredStep {
        @Override
        public CommitRecord record() {
            return CommitRecord.of(capture);
        }

        @Override
        public Revision revision() {
            return record().revision();
        }

        @Override
        public SortedMap<String, URI> artifactUris() {
            return new TreeMap<>();
        }

        @Override
        public InputStream open(String artifactName) {
            return new FilterInputStream(new ByteArrayInputStream(read(artifactName))) {
                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int count = super.read(buffer, offset, length);
                    if (count < 0 && damaged) {
                        throw new IOException(new ObjectCorruptException("memory", "key", "SHA-256 differs", null));
                    }
                    return count;
                }
            };
        }

        @Override
        public byte[] read(String artifactName) {
            Artifact artifact = ArtifactName.artifactsOf(capture).get(artifactName);
            if (artifact == null) {
                throw new AssertionError("there is no artifact " + artifactName);
            }
            return artifact.getData().array();
        }
    }
}
