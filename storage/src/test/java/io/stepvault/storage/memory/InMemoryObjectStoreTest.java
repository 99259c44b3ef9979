package io.stepvault.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectStoreContract;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.TransientStoreException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class InMemoryObjectStoreTest extends ObjectStoreContract {
    private final InMemoryObjectStore store = new InMemoryObjectStore();

    @Override
    protected ObjectStore store() {
        return store;
    }

    @Test
    void failsAsScripted() throws Exception {
        store.failNext(2, key -> key.startsWith("a"), Fault.TRANSIENT);
        store.failNext(1, Fault.DENIED);

        assertThatThrownBy(() -> put("a", "x"))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TransientStoreException.class);
        assertThatThrownBy(() -> put("b", "x")).hasCauseInstanceOf(StoreAccessException.class);
        assertThatThrownBy(() -> store.head("a")).isInstanceOf(TransientStoreException.class);
        put("a", "x");

        assertThat(text("a")).isEqualTo("x");
        assertThat(store.puts()).containsExactly("a", "b", "a");
    }

    @Test
    void writesAnObjectWhoseAnswerIsLost() throws Exception {
        store.failNext(1, Fault.ANSWER_LOST);

        assertThatThrownBy(() -> put("a", "x")).hasCauseInstanceOf(TransientStoreException.class);

        assertThat(text("a")).isEqualTo("x");
    }

    @Test
    void failsUntilItIsHealed() {
        store.failAlways(key -> true, Fault.REFUSED);
        assertThatThrownBy(() -> put("a", "x")).hasCauseInstanceOf(ObjectRefusedException.class);

        store.heal();

        put("a", "x");
    }

    @Test
    void completesPutsWhenTheExecutorSays() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        InMemoryObjectStore stepped = new InMemoryObjectStore(Clock.systemUTC(), tasks::add);

        CompletableFuture<Void> put = stepped.put(request("a", ByteBuffer.allocate(1)));

        assertThat(put).isNotDone();
        tasks.remove().run();
        assertThat(put).isCompleted();
    }
}
