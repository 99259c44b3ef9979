package io.stepvault.storage.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectStoreContract;
import io.stepvault.storage.object.PutRequest;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The contract of every object store, through a pace; and that every kind of call takes its place in it. */
class PacedObjectStoreTest extends ObjectStoreContract {
    private static final double SLOW = 0.001;

    private final ObjectStore store = new PacedObjectStore(
            new InMemoryObjectStore(), new Pace(100_000, Double.POSITIVE_INFINITY, Clock.systemUTC()));

    @Override
    protected ObjectStore store() {
        return store;
    }

    /** A pace of which the first place is free, and the next is far away. */
    private static Pace slow() {
        return new Pace(SLOW, Double.POSITIVE_INFINITY, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    @Test
    void everyRequestTakesAPlace() {
        ObjectStore behind = new InMemoryObjectStore();
        behind.put(aPut("a")).join();

        assertTakesAPlace(paced -> paced.put(aPut("b")).join(), behind);
        assertTakesAPlace(paced -> paced.exists("a").join(), behind);
        assertTakesAPlace(paced -> paced.head("a"), behind);
        assertTakesAPlace(paced -> paced.list(ListRequest.of("")), behind);
        assertTakesAPlace(paced -> paced.delete("b"), behind);
    }

    private PutRequest aPut(String name) {
        return request(name, ByteBuffer.allocate(1));
    }

    private static void assertTakesAPlace(Consumer<ObjectStore> call, ObjectStore behind) {
        Pace pace = slow();

        call.accept(new PacedObjectStore(behind, pace));

        assertThat(pace.reserve(0)).isEqualTo(Duration.ofSeconds(1_000));
    }

    @Test
    void aPutWaitsForItsPlaceWithoutBlockingItsCaller() {
        Pace pace = slow();
        Duration unused = pace.reserve(0);

        assertThat(new PacedObjectStore(new InMemoryObjectStore(), pace).put(aPut("a")))
                .isNotDone();
    }
}
