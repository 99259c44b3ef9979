package io.stepvault.storage;

import io.stepvault.storage.memory.InMemoryObjectStore;

class InMemoryStepStoreTest extends StepStoreContract {
    private final StepStore store = TestStores.over(new InMemoryObjectStore());

    @Override
    StepStore store() {
        return store;
    }
}
