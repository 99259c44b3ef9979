package io.stepvault.worker.audit;

import io.stepvault.storage.object.TransientStoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Makes calls in parallel and passes on what they give in the order in which they were asked for. Only so many wait or
 * run at a time: whoever asks for more waits for the first. For one thread, on which the results are passed on.
 *
 * @param <R> what calls give
 */
final class CallsInOrder<R> {
    private final ExecutorService executor;
    private final int most;
    private final Consumer<R> results;
    private final Deque<Future<R>> calls = new ArrayDeque<>();

    /** At most {@code most} calls on {@code executor}. */
    CallsInOrder(ExecutorService executor, int most, Consumer<R> results) {
        this.executor = executor;
        this.most = most;
        this.results = results;
    }

    /** Asks for a call. Throws what an earlier one threw. */
    void submit(Callable<R> call) {
        if (calls.size() >= most) {
            passOnFirst();
        }
        calls.addLast(executor.submit(call));
    }

    /** Waits for all that were asked for. Throws what one of them threw. */
    void finish() {
        while (!calls.isEmpty()) {
            passOnFirst();
        }
    }

    private void passOnFirst() {
        results.accept(result(calls.removeFirst()));
    }

    private R result(Future<R> call) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw new TransientStoreException("", "", "interrupted; run the audit again", e);
        } catch (ExecutionException e) {
            cancel();
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a call failed in a way that none should", e.getCause());
        }
    }

    private void cancel() {
        calls.forEach(call -> call.cancel(true));
        calls.clear();
    }
}
