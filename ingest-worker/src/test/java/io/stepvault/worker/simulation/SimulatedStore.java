package io.stepvault.worker.simulation;

import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** The bucket: puts take effect when the network brings them there, and are answered later, or never. */
final class SimulatedStore {
    static final String REFUSED = "refused";
    private static final String NAME = "s3://bucket";

    /** How the store is. */
    enum Mood {
        WELL,
        DOWN,
        THROTTLING,
        SLOW,
        FORBIDDEN,
        BUCKET_MISSING
    }

    private final Random random;
    private final Trace trace;
    private final Lane network;
    private final InMemoryObjectStore objects;
    private final Bucket bucket;
    private Mood mood = Mood.WELL;
    private int answersToLose;

    /**
     * An empty bucket.
     *
     * @param bucket is told of every object before it is written, or removed
     */
    SimulatedStore(Random random, Clock clock, Trace trace, Lane network, Bucket bucket) {
        this.random = random;
        this.trace = trace;
        this.network = network;
        this.objects = new InMemoryObjectStore(clock, Runnable::run);
        this.bucket = bucket;
    }

    void turn(Mood next) {
        mood = next;
    }

    void loseAnswers(int count) {
        answersToLose = count;
    }

    /** As somebody sees it whose requests are not subject to trouble. */
    InMemoryObjectStore objects() {
        return objects;
    }

    Bucket bucket() {
        return bucket;
    }

    /** As a process sees it. */
    ObjectStore seenBy(SimulatedProcess process) {
        return new Seen(process);
    }

    private Optional<StoreException> trouble(String key) {
        return switch (mood) {
            case WELL, SLOW -> Optional.empty();
            case DOWN -> Optional.of(new TransientStoreException(NAME, key, "it answers 503", null));
            case THROTTLING ->
                random.nextInt(3) == 0
                        ? Optional.empty()
                        : Optional.of(TransientStoreException.throttled(NAME, key, null));
            case FORBIDDEN -> Optional.of(new StoreAccessException(NAME, key, "access is denied", null));
            case BUCKET_MISSING -> Optional.of(new StoreAccessException(NAME, key, "there is no such bucket", null));
        };
    }

    private Optional<StoreException> write(PutRequest request) {
        String key = request.key();
        if (key.contains(REFUSED)) {
            return Optional.of(new ObjectRefusedException(NAME, key, "the entity is too large", null));
        }
        Optional<StoreException> trouble = trouble(key);
        if (trouble.isEmpty()) {
            byte[] bytes = new byte[request.size()];
            request.body().get(bytes);
            bucket.written(key, bytes);
            objects.put(new PutRequest(key, request.contentType(), ByteBuffer.wrap(bytes), request.metadata()))
                    .join();
            if (answersToLose > 0) {
                answersToLose--;
                trace.add("the answer to a put is lost");
                return Optional.of(new TransientStoreException(NAME, key, "the connection was reset", null));
            }
        }
        return trouble;
    }

    private final class Seen implements ObjectStore {
        private final SimulatedProcess process;

        Seen(SimulatedProcess process) {
            this.process = process;
        }

        @Override
        public CompletableFuture<Void> put(PutRequest request) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            network.later(
                    () -> {
                        Optional<StoreException> failure = write(request);
                        process.answer(
                                () -> failure.ifPresentOrElse(done::completeExceptionally, () -> complete(done)));
                    },
                    mood == Mood.SLOW ? random.nextInt(8_000) : 0);
            return done;
        }

        @Override
        public CompletableFuture<Boolean> exists(String key) {
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            network.execute(() -> {
                Optional<StoreException> failure = trouble(key);
                boolean exists = objects.head(key).isPresent();
                process.answer(
                        () -> failure.ifPresentOrElse(answer::completeExceptionally, () -> answer.complete(exists)));
            });
            return answer;
        }

        @SuppressWarnings("NullAway") // a future of nothing completes with null
        private static void complete(CompletableFuture<Void> done) {
            done.complete(null);
        }

        private void requireWell(String key) {
            trouble(key).ifPresent(failure -> {
                throw failure;
            });
        }

        @Override
        public InputStream get(String key, Optional<ByteRange> range) {
            requireWell(key);
            return objects.get(key, range);
        }

        @Override
        public Optional<ObjectInfo> head(String key) {
            requireWell(key);
            return objects.head(key);
        }

        @Override
        public ObjectPage list(ListRequest request) {
            requireWell(request.prefix());
            return objects.list(request);
        }

        @Override
        public void delete(String key) {
            requireWell(key);
            bucket.gone(key);
            objects.delete(key);
        }

        @Override
        public URI uriOf(String key) {
            return URI.create(NAME + "/" + key);
        }

        @Override
        public URI location() {
            return URI.create(NAME);
        }

        @Override
        public void close() {}
    }
}
