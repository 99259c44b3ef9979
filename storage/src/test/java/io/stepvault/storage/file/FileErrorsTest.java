package io.stepvault.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileErrorsTest {
    private final FileErrors errors = new FileErrors("file:///store");

    @Test
    void tellsWhatAFailureOfTheFileSystemMeans() {
        Map<IOException, Class<? extends StoreException>> expected = Map.of(
                new FileSystemException("x", null, "No space left on device"), TransientStoreException.class,
                new IOException("No space left on device"), TransientStoreException.class,
                new FileSystemException("x", null, "Disk quota exceeded"), TransientStoreException.class,
                new FileSystemException("x", null, "Input/output error"), TransientStoreException.class,
                new IOException(), TransientStoreException.class,
                new AccessDeniedException("x"), StoreAccessException.class,
                new FileSystemException("x", null, "Read-only file system"), StoreAccessException.class,
                new FileSystemException("x", null, "Operation not permitted"), StoreAccessException.class,
                new FileSystemException("x", null, "File name too long"), ObjectRefusedException.class);

        expected.forEach((failure, type) -> assertThat(errors.writing("a/key", failure))
                .isInstanceOf(type)
                .hasCause(failure)
                .hasMessageContaining("file:///store")
                .hasMessageContaining("a/key"));
        assertThat(errors.reading("a/key", new NoSuchFileException("x"))).isInstanceOf(ObjectNotFoundException.class);
        assertThat(errors.writing("a/key", new NoSuchFileException("x"))).isInstanceOf(TransientStoreException.class);
    }

    @Test
    void aFullDiskIsToldFromOtherTrouble() {
        assertThat(isFull("No space left on device")).isTrue();
        assertThat(isFull("Disk quota exceeded")).isTrue();
        assertThat(isFull("Input/output error")).isFalse();
    }

    private boolean isFull(String reason) {
        return errors.writing("a/key", new FileSystemException("x", null, reason)) instanceof TransientStoreException e
                && e.isFull();
    }
}
