package io.stepvault.storage;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class GzipFileStepStoreTest extends StepStoreContract {
    private final StepStore store;

    GzipFileStepStoreTest(@TempDir Path directory) {
        this.store = StepStore.open(directory.toUri(), TestStores.quick().withCompression(Compression.GZIP));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    StepStore store() {
        return store;
    }
}
