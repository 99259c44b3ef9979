package io.stepvault.worker.audit;

import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ObjectStore;

class InMemoryAuditTest extends AuditContract {
    private final ObjectStore objects = new InMemoryObjectStore();

    @Override
    ObjectStore objects() {
        return objects;
    }
}
