package io.stepvault.storage;

import io.stepvault.storage.memory.InMemoryObjectStore;

/** One store compresses and the other does not: readers of both find either form. */
class MixedFormsStepStoreTest extends StepStoreContract {
    private final InMemoryObjectStore objects = new InMemoryObjectStore();
    private final StepStore store = new FallbackStepStore(
            new ObjectStepStore(objects, "", TestStores.direct().withCompression(Compression.GZIP)),
            TestStores.over(objects));

    @Override
    StepStore store() {
        return store;
    }
}
