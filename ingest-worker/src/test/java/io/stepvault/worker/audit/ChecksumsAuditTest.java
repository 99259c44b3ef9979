package io.stepvault.worker.audit;

import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ObjectChecksums;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.worker.ForwardingObjectStore;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32;

/** Over a store that keeps checksums, as S3 does. */
class ChecksumsAuditTest extends AuditContract {
    private final ObjectStore objects = new Keeping(new InMemoryObjectStore());

    @Override
    ObjectStore objects() {
        return objects;
    }

    @Override
    boolean keepsChecksums() {
        return true;
    }

    @Override
    String prefix() {
        return "run/1";
    }

    private static final class Keeping extends ForwardingObjectStore {
        Keeping(ObjectStore to) {
            super(to);
        }

        @Override
        public Optional<ObjectChecksums> checksums() {
            return Optional.of(key -> {
                if (head(key).isEmpty()) {
                    throw new ObjectNotFoundException(location().toString(), key, null);
                }
                CRC32 crc32 = new CRC32();
                crc32.update(Damage.read(this, key));
                return OptionalInt.of((int) crc32.getValue());
            });
        }
    }
}
