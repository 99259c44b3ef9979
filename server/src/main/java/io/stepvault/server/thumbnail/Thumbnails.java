package io.stepvault.server.thumbnail;

import io.stepvault.server.cache.SharedResults;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import io.stepvault.storage.object.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
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

    private static final String HEADLESS = "java.awt.headless";
    private static final int AT_ONCE = 2;
    private static final int MOST_WAITING = 32;
    private static final long MOST_KEPT = 64L << 20;
    private static final int ENTRY_BYTES = 300;

    /** Long: what a picture looks like made small does not change. */
    private static final Duration FRESH = Duration.ofDays(1);

    /** The same picture is scaled once, whatever steps it belongs to. */
    private record Key(String sha256, int width) {}

    private final Scaler scaler = new Scaler();
    private final ThreadPoolExecutor threads;
    private final SharedResults<Key, Optional<byte[]>> kept;

    /** No thumbnails yet. */
    public Thumbnails(Clock clock) {
        if (System.getProperty(HEADLESS) == null) {
            // Before anything of AWT is loaded: it would look for a screen.
            System.setProperty(HEADLESS, "true");
        }
        this.threads = new ThreadPoolExecutor(
                AT_ONCE, AT_ONCE, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "stepvault-thumbnails");
                    thread.setDaemon(true);
                    return thread;
                });
        this.kept = new SharedResults<>(FRESH, MOST_KEPT, Thumbnails::weight, clock);
    }

    private static long weight(Optional<byte[]> jpeg) {
        return (long) jpeg.map(bytes -> bytes.length).orElse(0) + ENTRY_BYTES;
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
        return kept.get(new Key(sha256, width), () -> made(width, screenshot)).orElseThrow(Thumbnails::notScalable);
    }

    private Optional<byte[]> made(int width, Supplier<byte[]> screenshot) {
        try {
            return threads.submit(() -> scaler.scale(screenshot.get(), width)).get();
        } catch (RejectedExecutionException e) {
            throw Problem.unavailable("too many thumbnails are being made; try again")
                    .asException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("a thumbnail cannot be made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("the server is stopping").asException();
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
