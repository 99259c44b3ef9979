package io.stepvault.server.thumbnail;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import io.stepvault.storage.object.StoreException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes thumbnails, {@value #AT_ONCE} at a time, and keeps them for a while, up to {@value #MOST_KEPT} bytes in all. Those
 * who ask for the same one at the same time share it; when {@value #MOST_WAITING} are waiting, others are told to come
 * again. Safe for any thread.
 */
public final class Thumbnails implements AutoCloseable {
    /** The largest screenshot that is scaled, in bytes. */
    public static final long MAX_BYTES = 32L << 20;

    private static final int AT_ONCE = 2;
    private static final int MOST_WAITING = 32;
    private static final long MOST_KEPT = 64L << 20;

    /** The same picture is scaled once, whatever steps it belongs to. */
    private record Key(String sha256, int width) {}

    private final Scaler scaler = new Scaler();
    private final ThreadPoolExecutor threads;
    private final AsyncCache<Key, byte[]> kept;

    /** No thumbnails yet. */
    public Thumbnails() {
        this.threads = new ThreadPoolExecutor(
                AT_ONCE, AT_ONCE, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "stepvault-thumbnails");
                    thread.setDaemon(true);
                    return thread;
                });
        this.kept = Caffeine.newBuilder()
                .maximumWeight(MOST_KEPT)
                .<Key, byte[]>weigher((key, jpeg) -> jpeg.length + 200)
                .executor(Runnable::run)
                .buildAsync();
    }

    /**
     * A thumbnail as JPEG.
     *
     * @param sha256 of the screenshot
     * @param screenshot reads it, at most {@link #MAX_BYTES}
     * @throws ProblemException 415 if it is no picture that can be scaled, 503 if too many are waiting
     * @throws StoreException if the store fails
     */
    public byte[] of(String sha256, int width, Supplier<byte[]> screenshot) {
        try {
            return kept.get(
                            new Key(sha256, width),
                            (key, unused) -> CompletableFuture.supplyAsync(
                                    () -> scaler.scale(screenshot.get(), width).orElseThrow(Thumbnails::notScalable),
                                    threads))
                    .join();
        } catch (RejectedExecutionException e) {
            throw Problem.unavailable("too many thumbnails are being made; try again")
                    .asException();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** What to answer for a screenshot that is not scaled. */
    public static ProblemException notScalable() {
        return new Problem(
                        415,
                        "Unsupported media type",
                        "the screenshot is no PNG, JPEG, GIF, BMP or WebP, or it is too large to be scaled; show it as it is")
                .asException();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
