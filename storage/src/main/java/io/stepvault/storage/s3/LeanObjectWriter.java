package io.stepvault.storage.s3;

import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.s3.wire.Answer;
import io.stepvault.storage.s3.wire.Wire;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts objects by one signed PUT each and looks them up by one HEAD, with as little between the bytes and the socket as
 * there can be. A thread for each request that is under way: blocking I/O on kept connections takes less of the processor
 * than events do (docs/performance.md). Safe for any thread.
 */
final class LeanObjectWriter implements S3Writer {
    private static final int IDLE_SECONDS = 10;
    private static final int NOT_FOUND = 404;

    private final SignedCalls calls;
    private final S3Location.Checksums checksums;
    private final Duration callTimeout;
    private final S3Errors errors;
    private final ThreadPoolExecutor threads;

    /**
     * Puts through {@code calls}, which is closed with this.
     *
     * @param callTimeout for a request; a put gets a second more per MiB
     * @param maxInFlight how many requests at once; others wait
     */
    LeanObjectWriter(
            SignedCalls calls, S3Location.Checksums checksums, Duration callTimeout, int maxInFlight, S3Errors errors) {
        this.calls = calls;
        this.checksums = checksums;
        this.callTimeout = callTimeout;
        this.errors = errors;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                maxInFlight, maxInFlight, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "stepvault-s3-put-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        Duration patience = callTimeout.plusSeconds(request.size() >> 20);
        return onThread(request.key(), () -> {
            Answer answer = calls.send(signing -> put(request, signing), patience);
            if (!answer.isSuccess()) {
                throw errors.answered(request.key(), answer);
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<Boolean> exists(String key) {
        return onThread(key, () -> {
            Answer answer = calls.send(signing -> head(key, signing), callTimeout);
            if (!answer.isSuccess() && answer.status() != NOT_FOUND) {
                throw errors.answered(key, answer);
            }
            return answer.isSuccess();
        });
    }

    private Wire.Request put(PutRequest request, Signing signing) {
        String path = signing.endpoint().path(request.key());
        return new Wire.Request(
                signing.endpoint().server(),
                "PUT",
                path,
                PutHeaders.ofPut(request, path, checksums, signing),
                request.body());
    }

    private static Wire.Request head(String key, Signing signing) {
        String path = signing.endpoint().path(key);
        return new Wire.Request(signing.endpoint().server(), "HEAD", path, PutHeaders.ofHead(path, signing), null);
    }

    private <T> CompletableFuture<T> onThread(String key, Callable<T> call) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            threads.execute(() -> complete(done, key, call));
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(errors.classified(key, e));
        }
        return done;
    }

    private <T> void complete(CompletableFuture<T> done, String key, Callable<T> call) {
        T result;
        try {
            result = call.call();
        } catch (Exception e) {
            done.completeExceptionally(errors.classified(key, e));
            return;
        } catch (Error e) {
            done.completeExceptionally(errors.classified(key, e));
            throw e;
        }
        done.complete(result);
    }

    /** What is under way breaks off, and what waits fails. */
    @Override
    public void close() {
        calls.close();
        threads.shutdown();
    }
}
