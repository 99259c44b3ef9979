package io.stepvault.storage;

import io.stepvault.storage.object.TransientStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Makes blocking calls in parallel, at most so many at once, whoever asks for them. Its threads are daemons that come
 * when they are needed and go after ten idle seconds. Safe for any thread, but a call must not make others here.
 */
final class ParallelCalls implements AutoCloseable {
    private final String store;
    private final ThreadPoolExecutor pool;

    /**
     * At most {@code max} calls at once, on threads with {@code name}.
     *
     * @param store for messages
     */
    ParallelCalls(String store, String name, int max) {
        this.store = store;
        this.pool = new ThreadPoolExecutor(
                max, max, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), StoreThreads.daemons(name));
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Calls {@code call} with each of {@code inputs}; gives what they return in the order of the inputs. Throws what one
     * of them throws, and then makes no more of them.
     *
     * @throws TransientStoreException if the thread is interrupted (its flag stays set), or this has been closed
     */
    <T, R> List<R> all(List<T> inputs, Function<? super T, ? extends R> call) {
        List<Future<R>> calls = new ArrayList<>(inputs.size());
        List<R> results = new ArrayList<>(inputs.size());
        try {
            for (T input : inputs) {
                calls.add(pool.submit(() -> call.apply(input)));
            }
            for (Future<R> each : calls) {
                results.add(each.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientStoreException(store, "", "interrupted; try again", e);
        } catch (RejectedExecutionException e) {
            throw new TransientStoreException(store, "", "the store is closed; open it again", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException("a function throws no checked exception", e);
        } finally {
            if (results.size() < inputs.size()) {
                calls.forEach(each -> each.cancel(true));
            }
        }
    }

    /** Ends the threads once they have made the calls that were asked for. */
    @Override
    public void close() {
        pool.shutdown();
    }
}
