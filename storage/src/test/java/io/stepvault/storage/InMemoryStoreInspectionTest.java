package io.stepvault.storage;

import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ObjectStore;

class InMemoryStoreInspectionTest extends StoreInspectionContract {
    private final ObjectStore objects = new InMemoryObjectStore();

    @Override
    ObjectStore objects() {
        return objects;
    }

    @Override
    String prefix() {
        return "crawls/one";
    }
}
