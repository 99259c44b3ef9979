package io.stepvault.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectStoreContract;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.UnfinishedUpload;
import io.stepvault.storage.object.UnfinishedUploads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileObjectStoreTest extends ObjectStoreContract {
    private final Path root;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final FileObjectStore store;

    FileObjectStoreTest(@TempDir Path directory) {
        this.root = directory.resolve("made/on/open");
        this.store = FileObjectStore.open(root, threads, Clock.systemUTC());
    }

    @AfterEach
    void end() {
        threads.shutdown();
    }

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Test
    void laysKeysOutAsPaths() throws IOException {
        put("sessions/a%2Fb/step.json", "{}");

        assertThat(Files.readString(root.resolve("sessions").resolve("a%2Fb").resolve("step.json")))
                .isEqualTo("{}");
        assertThat(Path.of(store.uriOf("sessions/a%2Fb/step.json"))).hasContent("{}");
    }

    @Test
    void leavesNoTemporaryFileBehind() throws IOException {
        put("a/b", "x");
        Files.createDirectories(root.resolve("a/c/d"));
        assertThatThrownBy(() -> put("a/c", "a directory is in the way")).hasCauseInstanceOf(StoreException.class);

        assertThat(root.resolve(".tmp")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "/etc/passwd", "a//b", "a/", ".tmp/x", "a/.hidden", "."})
    void neverLeavesItsRoot(String key) throws IOException {
        Files.writeString(root.resolveSibling("x"), "not yours");

        assertThatThrownBy(() -> put(key, "mine")).hasCauseInstanceOf(ObjectRefusedException.class);
        assertThatThrownBy(() -> store.get(key)).isInstanceOf(ObjectNotFoundException.class);
        assertThat(store.head(key)).isEmpty();
        store.delete(key);
        assertThat(store.list(ListRequest.of(key)).objects()).isEmpty();

        assertThat(root.resolveSibling("x")).hasContent("not yours");
    }

    @Test
    void listsNeitherTemporaryFilesNorEmptyDirectoriesNorLinks() throws IOException {
        put("a/b", "x");
        Files.writeString(root.resolve(".tmp/writing"), "x");
        Files.createDirectories(root.resolve("empty/inside"));
        Files.createSymbolicLink(root.resolve("link"), root.getParent());

        assertThat(store.list(ListRequest.of("")).objects()).extracting("key").containsExactly("a/b");
        assertThat(store.list(ListRequest.directory("")).prefixes()).containsExactly("a/");
    }

    @Test
    void removesOnlyOldTemporaryFiles() throws IOException {
        Path old = Files.writeString(root.resolve(".tmp/old"), "x");
        Path young = Files.writeString(root.resolve(".tmp/young"), "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));

        FileObjectStore.open(root, threads, Clock.systemUTC());

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void showsTemporaryFilesAndGivesThemUp() throws IOException {
        put("a/b", "x");
        Path left = Files.writeString(root.resolve(".tmp/left"), "four");
        Files.createSymbolicLink(root.resolve(".tmp/link"), root.resolve("a/b"));
        UnfinishedUploads uploads = store.unfinishedUploads().orElseThrow();

        UnfinishedUpload upload = uploads.list("", Optional.empty()).uploads().get(0);
        assertThat(uploads.list("", Optional.empty()).uploads()).hasSize(1);
        assertThat(uploads.list("crawls/", Optional.empty()).uploads()).isEmpty();
        assertThat(uploads.bytes(upload)).isEqualTo(4);
        for (String other : List.of("a/b", ".tmp/../a/b", ".tmp/")) {
            assertThatThrownBy(() -> uploads.abort(new UnfinishedUpload(other, "", Instant.EPOCH)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        uploads.abort(upload);
        uploads.abort(upload);

        assertThat(left).doesNotExist();
        assertThat(uploads.bytes(upload)).isZero();
        assertThat(store.head("a/b")).isPresent();
    }

    @Test
    void doesNotMakeItsRootAnewWhenItIsGone() throws IOException {
        Files.delete(root.resolve(".tmp"));
        Files.delete(root);

        assertThatThrownBy(() -> put("a", "x")).hasCauseInstanceOf(StoreAccessException.class);
        assertThatThrownBy(() -> store.list(ListRequest.of(""))).isInstanceOf(StoreAccessException.class);
        assertThat(root).doesNotExist();
    }

    @Test
    void refusesARootThatIsAFile() throws IOException {
        Path file = Files.writeString(root.resolveSibling("file"), "x");

        assertThatThrownBy(() -> FileObjectStore.open(file, threads, Clock.systemUTC()))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void removesDirectoriesThatAreEmptyAfterDeleting() {
        put("a/b/c", "x");

        store.delete("a/b/c");

        assertThat(root.resolve("a")).doesNotExist();
        assertThat(root).exists();
    }
}
