package io.stepvault.storage;

import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ObjectStore;

class InMemoryWriteProtocolTest extends WriteProtocolContract {
    private final ObjectStore objects = new InMemoryObjectStore();

    @Override
    ObjectStore objects() {
        return objects;
    }
}
