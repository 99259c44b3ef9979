package io.stepvault.worker.audit;

import io.stepvault.storage.file.FileObjectStore;
import io.stepvault.storage.object.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.io.TempDir;

class FileAuditTest extends AuditContract {
    private final ObjectStore objects;

    FileAuditTest(@TempDir Path directory) {
        this.objects = FileObjectStore.open(directory, Runnable::run, Clock.systemUTC());
    }

    @Override
    ObjectStore objects() {
        return objects;
    }
}
