package io.stepvault.bench.drain.lean;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads that put. There is no queue before them: who has something to put waits until a thread is free, and until what
 * is in flight leaves room for it. The thread that was last busy is the first to go on, so that few run while the store
 * is quick. {@link #put} and {@link #close} are for one thread.
 */
final class Uploads implements AutoCloseable {
    /** How many puts are in flight at most. */
    static final int THREADS = 64;

    private static final int PERMIT_BYTES = 1 << 10;

    private final LeanS3 s3;
    private final SynchronousQueue<Upload> handOver = new SynchronousQueue<>();
    private final Semaphore room;
    private final int permits;
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable Throwable failure;

    private Uploads(LeanS3 s3, long maxBytes) {
        this.s3 = s3;
        this.permits = (int) Math.min(Integer.MAX_VALUE, maxBytes / PERMIT_BYTES);
        this.room = new Semaphore(permits);
    }

    /** @param maxBytes in flight, but that a single body may be larger */
    static Uploads start(LeanS3 s3, long maxBytes) {
        Uploads uploads = new Uploads(s3, maxBytes);
        for (int number = 0; number < THREADS; number++) {
            Thread thread = new Thread(uploads::work, "put-" + number);
            thread.setDaemon(true);
            thread.start();
            uploads.threads.add(thread);
        }
        return uploads;
    }

    /** @throws IOException if an earlier put failed */
    void put(String key, Puts.Body body, StoredOffsets.Unit unit) throws IOException, InterruptedException {
        Upload upload = new Upload(key, body, unit, (int) Math.min(permits, body.bytes() / PERMIT_BYTES));
        while (!room.tryAcquire(upload.permits, 1, TimeUnit.SECONDS)) {
            requireHealthy();
        }
        while (!handOver.offer(upload, 1, TimeUnit.SECONDS)) {
            requireHealthy();
        }
    }

    /** @throws IOException if a put failed */
    void requireHealthy() throws IOException {
        Throwable cause = failure;
        if (cause != null) {
            throw new IOException("a put failed, and this loop does not try again", cause);
        }
    }

    private void work() {
        LeanSigner signer = s3.signer();
        try {
            while (true) {
                Upload upload = handOver.take();
                s3.put(signer, upload.key, upload.body);
                room.release(upload.permits);
                upload.unit.stored();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    private record Upload(String key, Puts.Body body, StoredOffsets.Unit unit, int permits) {}
}
