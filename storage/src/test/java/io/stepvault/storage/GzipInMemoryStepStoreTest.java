package io.stepvault.storage;

import io.stepvault.storage.memory.InMemoryObjectStore;

class GzipInMemoryStepStoreTest extends StepStoreContract {
    private final StepStore store = new ObjectStepStore(
            new InMemoryObjectStore(), "", TestStores.direct().withCompression(Compression.GZIP));

    @Override
    StepStore store() {
        return store;
    }
}
