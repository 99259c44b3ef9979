package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.stepvault.capture.CommitRecord;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListPlace;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.storage.object.ObjectVersions;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.RetryOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writers against whoever removes, request by request in random order, with failures and deaths: the writers' requests
 * are done one at a time between those of the other.
 */
final class LifecycleRace {
    private static final Instant OLD = NOON.minus(Duration.ofDays(10));
    private static final LocalDate BEFORE =
            LocalDate.ofInstant(NOON, ZoneOffset.UTC).minusDays(2);

    private final Random random;
    private final SteppedClock clock = new SteppedClock(NOON);
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final InMemoryObjectStore objects;
    private final KeptVersions kept = new KeptVersions();
    private final Runnable pace;
    private final Executor stepped = task -> tasks.add(task);

    LifecycleRace(long seed) {
        this.random = new Random(seed);
        this.objects = new InMemoryObjectStore(clock, task -> tasks.add(task));
        this.pace = pace();
    }

    void aSessionIsDeleted() {
        List<StepCapture> captures = captures(random.nextBoolean() ? OLD : NOON);
        Writer one = new Writer(captures);
        Writer two = new Writer(captures);
        one.begin();
        if (random.nextBoolean()) {
            two.begin();
        }
        if (random.nextBoolean()) {
            run(random.nextInt(40));
        }
        untilDone(lifecycle -> lifecycle.delete("session"));
        boolean dies = random.nextInt(4) == 0;
        if (dies) {
            run(random.nextInt(10));
            tasks.clear(); // the process of both writers, with all their requests and all that it knew
            one.startAnew();
            two.startAnew();
        }
        one.storeUntilKnown();
        two.storeUntilKnown();

        assertThat(objects.contents().keySet()).containsExactly("deleted/session");
        assertThat(store(objects).load("session", "step-0")).isEmpty();
        assertThat(store(objects).sessions(PageRequest.first(9)).items()).isEmpty();
        one.begin();
        one.storeUntilKnown();
        assertThat(one.last).allMatch(StoreOutcome.SessionDeleted.class::isInstance);
        assertThat(objects.contents().keySet()).containsExactly("deleted/session");
    }

    void oldStepsAreRemoved() {
        List<StepCapture> captures = captures(OLD);
        if (random.nextBoolean()) {
            // As a drain finds them that was here before: whole, or with the commit record gone, or half written.
            new Writer(captures).storeUntilKnown();
            objects.contents().keySet().stream()
                    .filter(key -> key.startsWith("sessions/"))
                    .filter(key -> random.nextInt(3) == 0)
                    .forEach(objects::delete);
            if (random.nextBoolean()) {
                objects.contents().keySet().stream()
                        .filter(key -> key.endsWith("step.json"))
                        .forEach(objects::delete);
            }
        }
        clock.advance(Duration.ofDays(8));
        Writer writer = new Writer(captures);
        lifecycle(Integer.MAX_VALUE).writePolicy(new LifecyclePolicy(OptionalInt.of(9), OptionalInt.of(1), List.of()));
        int what = random.nextInt(6);
        boolean mayExpire = what > 0;
        Consumer<SessionLifecycle> either =
                switch (what) {
                    case 0 -> lifecycle -> lifecycle.clean(Duration.ofDays(7));
                    case 1 -> lifecycle -> lifecycle.keepLast(1);
                    case 2 -> lifecycle -> lifecycle.apply(Duration.ofDays(7));
                    default -> lifecycle -> lifecycle.expire(BEFORE);
                };

        writer.begin();
        if (random.nextBoolean()) {
            run(random.nextInt(40));
        }
        untilDone(either);
        boolean twice = random.nextBoolean();
        if (twice) {
            untilDone(either);
        }
        writer.storeUntilKnown();

        assertThat(writer.last).allMatch(StoreOutcome.Stored.class::isInstance);
        for (int i = 0; i < captures.size(); i++) {
            StepCapture capture = captures.get(i);
            Optional<StoredStep> found = store(objects)
                    .load(
                            "session",
                            capture.getStepId(),
                            CommitRecord.of(capture).revision());
            if (!mayExpire) {
                assertThat(found).as("acknowledged step %s", i).isPresent();
            }
            found.ifPresent(step -> step.record().artifacts().keySet().forEach(step::read));
            if (found.isPresent()) {
                assertThat(store(objects).sessions(PageRequest.first(9)).items())
                        .as("day of %s", i)
                        .contains(new SessionEntry(LocalDate.ofInstant(OLD, ZoneOffset.UTC), "session"));
            }
        }
    }

    /** One capture of the session carries a label that holds it; the others may come before it, with it, or be there. */
    void aSessionIsHeld() {
        List<StepCapture> others = captures(OLD);
        new Writer(others).storeUntilKnown();
        StepCapture labelled = aStep().called(random.nextBoolean() ? "step-0" : "labelled")
                .at(random.nextBoolean() ? OLD.plusSeconds(9) : random.nextBoolean() ? OLD.plusSeconds(90_000) : NOON)
                .html("held")
                .attachment("log", new byte[] {2})
                .label("legal", "1")
                .build();
        clock.advance(Duration.ofDays(8));
        lifecycle(Integer.MAX_VALUE)
                .writePolicy(
                        new LifecyclePolicy(OptionalInt.of(9), OptionalInt.of(1), List.of(LabelHold.parse("legal"))));
        Consumer<SessionLifecycle> either =
                switch (random.nextInt(3)) {
                    case 0 -> lifecycle -> lifecycle.keepLast(1);
                    case 1 -> lifecycle -> lifecycle.apply(Duration.ofDays(7));
                    default -> lifecycle -> lifecycle.expire(BEFORE);
                };
        Writer writer = new Writer(List.of(labelled));
        writer.begin();
        boolean wasFirst = random.nextBoolean();
        if (wasFirst) {
            writer.storeUntilKnown();
        } else if (random.nextBoolean()) {
            run(random.nextInt(40));
        }
        untilDone(either);
        writer.storeUntilKnown();

        assertThat(writer.last).allMatch(StoreOutcome.Stored.class::isInstance);
        assertThatStepIsWhole(labelled);
        if (wasFirst) {
            others.forEach(this::assertThatStepIsWhole);
        }
        assertThatNoStepIsHalf();
        List<String> left = List.copyOf(objects.contents().keySet());
        untilDone(either);
        assertThat(objects.contents().keySet())
                .as("what came too late holds the rest")
                .containsAll(left);
    }

    /** While writers that are given its captures again still remove it. */
    void aDeletedSessionIsRestored() {
        List<StepCapture> captures = captures(random.nextBoolean() ? OLD : NOON);
        Writer one = new Writer(captures);
        one.storeUntilKnown();
        if (random.nextBoolean()) {
            one.begin();
            run(random.nextInt(30));
        }
        lifecycle(Integer.MAX_VALUE).delete("session");
        Writer two = new Writer(captures);
        two.begin();
        if (random.nextBoolean()) {
            run(random.nextInt(40));
        }
        untilDone(lifecycle -> lifecycle.restore("session", Optional.empty()));
        if (random.nextInt(4) == 0) {
            tasks.clear(); // the process of both writers, with all their requests and all that it knew
            one.startAnew();
            two.startAnew();
        }
        one.storeUntilKnown();
        two.storeUntilKnown();

        captures.forEach(this::assertThatStepIsWhole);
        assertThatNoStepIsHalf();
        assertThat(store(objects).isDeleted("session")).isFalse();
    }

    private void assertThatStepIsWhole(StepCapture capture) {
        StoredStep step = store(objects)
                .load("session", capture.getStepId(), CommitRecord.of(capture).revision())
                .orElseThrow(() -> new AssertionError("gone: " + capture.getStepId() + " " + capture.getCapturedAt()));
        step.record().artifacts().keySet().forEach(step::read);
        assertThat(store(objects).sessions(PageRequest.first(9)).items())
                .contains(new SessionEntry(LocalDate.ofInstant(capture.getCapturedAt(), ZoneOffset.UTC), "session"));
    }

    private void assertThatNoStepIsHalf() {
        StepStore store = store(objects);
        store.steps("session", PageRequest.first(99))
                .items()
                .forEach(entry -> store.revisions("session", entry.stepId(), PageRequest.first(99))
                        .items()
                        .forEach(revision -> {
                            StoredStep step = store.load("session", entry.stepId(), revision)
                                    .orElseThrow();
                            step.record().artifacts().keySet().forEach(step::read);
                        }));
    }

    private List<StepCapture> captures(Instant at) {
        List<StepCapture> captures = new ArrayList<>();
        int count = 1 + random.nextInt(2);
        boolean oneStep = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            captures.add(aStep().called("step-" + (oneStep ? 0 : i))
                    .at(at.plusSeconds(i))
                    .html(("page " + i).repeat(300))
                    .attachment("log", new byte[] {1})
                    .build());
        }
        return captures;
    }

    /** Runs a removal, again after each failure, the last time without any. By the same process, or by another one. */
    private void untilDone(Consumer<SessionLifecycle> removal) {
        SessionLifecycle lifecycle = lifecycle(random.nextInt(20));
        for (int left = 3; left > 0; left--) {
            try {
                removal.accept(lifecycle);
                return;
            } catch (TransientStoreException e) {
                run(random.nextInt(10));
                if (random.nextBoolean()) {
                    clock.advance(Duration.ofMinutes(61));
                    lifecycle = lifecycle(left == 2 ? Integer.MAX_VALUE : random.nextInt(40));
                }
            }
        }
        clock.advance(Duration.ofMinutes(61));
        removal.accept(lifecycle(Integer.MAX_VALUE));
    }

    /** A lifecycle whose request number {@code failing} fails, done or not. */
    private SessionLifecycle lifecycle(int failing) {
        return new SessionLifecycle(new Between(failing), "", options());
    }

    /** Side by side; in bursts; or the writers stand still but for one moment. */
    private Runnable pace() {
        int burstAt = random.nextInt(20);
        int[] calls = new int[1];
        return switch (random.nextInt(3)) {
            case 0 -> () -> run(random.nextInt(4) == 0 ? random.nextInt(12) : random.nextInt(2));
            case 1 -> () -> run(random.nextInt(5) == 0 ? random.nextInt(60) : 0);
            default -> () -> run(calls[0]++ == burstAt ? random.nextInt(80) : 0);
        };
    }

    private void run(int steps) {
        for (int i = 0; i < steps && !tasks.isEmpty(); i++) {
            tasks.remove().run();
        }
    }

    private StoreOptions options() {
        return StoreOptions.defaults()
                .withClock(clock)
                .withExecutor(stepped)
                .withRetry(RetryOptions.defaults().withMaxAttempts(1));
    }

    private StepStore store(ObjectStore over) {
        return new ObjectStepStore(over, "", options());
    }

    /** A worker that is given the same captures until it has an answer. */
    private final class Writer {
        // Each may be set up in another way, so that objects are there in either form, or in both.
        private final Compression compression = random.nextBoolean() ? Compression.GZIP : Compression.NONE;
        private final List<StepToStore> batch;
        private StepStore store;
        private List<StoreOutcome> last = List.of();
        private CompletableFuture<List<StoreOutcome>> answer = CompletableFuture.completedFuture(List.of());

        Writer(List<StepCapture> captures) {
            this.batch = captures.stream().map(StepToStore::new).toList();
            this.store = opened();
        }

        private StepStore opened() {
            return new ObjectStepStore(kept, "", options().withCompression(compression));
        }

        /** In a new process: the old one may still wait for what it had begun, such as a day marker. */
        void startAnew() {
            store = opened();
        }

        void begin() {
            answer = store.storeAsync(batch);
        }

        void storeUntilKnown() {
            run(Integer.MAX_VALUE);
            if (!answer.isDone() || answer.join().isEmpty()) {
                begin();
            }
            for (int i = 0; i < 5; i++) {
                run(Integer.MAX_VALUE);
                last = answer.join();
                if (last.stream().noneMatch(StoreOutcome.Failed.class::isInstance)) {
                    return;
                }
                clock.advance(Duration.ofMinutes(61));
                begin();
            }
            fail("stored again and again: " + last);
        }
    }

    /** The store as the remover sees it: between its requests, those of the writers are done. */
    private final class Between implements ObjectStore {
        private int left;

        Between(int failing) {
            this.left = failing;
        }

        private <T> T call(String key, Supplier<T> request) {
            pace.run();
            boolean fails = left-- == 0;
            boolean done = !fails || random.nextBoolean();
            T result = done ? request.get() : null;
            if (fails) {
                throw new TransientStoreException("test:", key, "fault", null);
            }
            if (result == null) {
                throw new AssertionError("a request that did not fail has an answer");
            }
            return result;
        }

        @Override
        public CompletableFuture<Void> put(PutRequest request) {
            try {
                String done = call(request.key(), () -> {
                    CompletableFuture<Void> put = objects.put(request);
                    tasks.removeLast().run();
                    put.join();
                    return request.key();
                });
                return CompletableFuture.completedFuture(done).thenAccept(any -> {});
            } catch (StoreException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public InputStream get(String key, Optional<ByteRange> range) {
            return call(key, () -> objects.get(key, range));
        }

        @Override
        public Optional<ObjectInfo> head(String key) {
            return call(key, () -> objects.head(key));
        }

        @Override
        public ObjectPage list(ListRequest request) {
            return call(request.prefix(), () -> objects.list(request));
        }

        @Override
        public void delete(String key) {
            String unused = call(key, () -> {
                kept.delete(key);
                return key;
            });
        }

        @Override
        public Optional<ObjectVersions> versions() {
            return Optional.of(new ObjectVersions() {
                @Override
                public Page list(String prefix, Optional<ListPlace> from) {
                    return call(prefix, () -> kept.list(prefix));
                }

                @Override
                public InputStream get(ObjectVersion version) {
                    return call(version.key(), () -> kept.get(version));
                }

                @Override
                public void removeMarker(ObjectVersion marker) {
                    String unused = call(marker.key(), () -> kept.removeMarker(marker));
                }
            });
        }

        @Override
        public URI uriOf(String key) {
            return objects.uriOf(key);
        }

        @Override
        public URI location() {
            return objects.location();
        }

        @Override
        public void close() {}
    }

    /** The store with versions: what is deleted is kept, once, since every version of an object is the same. */
    private final class KeptVersions implements ObjectStore {
        private final SortedMap<String, byte[]> deleted = new TreeMap<>();

        @Override
        public void delete(String key) {
            byte[] bytes = objects.contents().get(key);
            if (bytes != null) {
                deleted.put(key, bytes);
            }
            objects.delete(key);
        }

        ObjectVersions.Page list(String prefix) {
            SortedMap<String, byte[]> current = objects.contents();
            SortedSet<String> keys = new TreeSet<>(current.keySet());
            keys.addAll(deleted.keySet());
            List<ObjectVersion> versions = new ArrayList<>();
            for (String key : keys) {
                if (key.startsWith(prefix)) {
                    byte[] now = current.get(key);
                    if (now == null) {
                        versions.add(new ObjectVersion(key, "marker", NOON, 0, true, true));
                    }
                    long size = now == null ? deleted.getOrDefault(key, new byte[0]).length : now.length;
                    versions.add(new ObjectVersion(key, "version", NOON, size, now != null, false));
                }
            }
            return new ObjectVersions.Page(versions, Optional.empty());
        }

        InputStream get(ObjectVersion version) {
            byte[] bytes = objects.contents().getOrDefault(version.key(), deleted.get(version.key()));
            if (bytes == null) {
                throw new AssertionError("no version of " + version.key());
            }
            return new ByteArrayInputStream(bytes);
        }

        String removeMarker(ObjectVersion marker) {
            String key = marker.key();
            byte[] bytes = deleted.get(key);
            if (bytes != null && !objects.contents().containsKey(key)) {
                CompletableFuture<Void> put =
                        objects.put(new PutRequest(key, "text/plain", ByteBuffer.wrap(bytes), Map.of()));
                tasks.removeLast().run();
                put.join();
            }
            return key;
        }

        @Override
        public CompletableFuture<Void> put(PutRequest request) {
            return objects.put(request);
        }

        @Override
        public CompletableFuture<Boolean> exists(String key) {
            return objects.exists(key);
        }

        @Override
        public InputStream get(String key, Optional<ByteRange> range) {
            return objects.get(key, range);
        }

        @Override
        public Optional<ObjectInfo> head(String key) {
            return objects.head(key);
        }

        @Override
        public ObjectPage list(ListRequest request) {
            return objects.list(request);
        }

        @Override
        public URI uriOf(String key) {
            return objects.uriOf(key);
        }

        @Override
        public URI location() {
            return objects.location();
        }

        @Override
        public void close() {}
    }
}
