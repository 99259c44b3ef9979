package io.stepvault.registry;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.wire.WriterSchemas;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of a registry, kept once they were fetched: an id never changes its meaning. That an id is unknown is kept
 * for a short time only, since it may be registered any moment. An id that is being fetched is not fetched once more.
 *
 * <p>Safe for any thread. Fetches on one daemon thread of its own.
 */
public final class CachedSchemas implements WriterSchemas, AutoCloseable {
    private final Source source;
    private final Limits limits;
    private final Clock clock;
    private final ExecutorService fetching;
    private final Map<Integer, Schema> known;
    private final Map<Integer, Denial> never;
    private final Map<Integer, CompletableFuture<Answer>> inFlight = new HashMap<>();

    /** Where schemas come from: {@link RegistryClient#schema}, unless a test brings another. */
    @FunctionalInterface
    public interface Source {
        /** As {@link RegistryClient#schema}. */
        RegistryAnswer<RegistryClient.SchemaText> schema(int id) throws InterruptedException;
    }

    /**
     * What is kept.
     *
     * @param maxSchemas how many schemas, and how many ids that are unknown
     * @param unknownFor how long it is believed that an id is unknown
     */
    public record Limits(int maxSchemas, Duration unknownFor) {
        /** 1,000 schemas; 10 seconds. */
        public static final Limits DEFAULT = new Limits(1_000, Duration.ofSeconds(10));
    }

    private record Denial(Answer.Never answer, Instant until) {}

    /** An empty cache before {@code source}. */
    public CachedSchemas(Source source, Limits limits, Clock clock) {
        this.source = source;
        this.limits = limits;
        this.clock = clock;
        this.known = bounded(limits.maxSchemas());
        this.never = bounded(limits.maxSchemas());
        this.fetching = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "stepvault-schema-registry");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * The schemas of a registry.
     *
     * @throws RegistrySetupException if a file for TLS cannot be read
     */
    public static CachedSchemas of(RegistrySettings settings, Limits limits, Clock clock) {
        return new CachedSchemas(new RegistryClient(settings)::schema, limits, clock);
    }

    @Override
    public synchronized Answer find(int id) {
        Schema schema = known.get(id);
        if (schema != null) {
            return new Answer.Known(schema);
        }
        Denial denial = never.get(id);
        if (denial != null && clock.instant().isBefore(denial.until())) {
            return denial.answer();
        }
        return new Answer.NotYet("schema " + unsigned(id) + " was not fetched from the registry yet", false);
    }

    @Override
    public synchronized CompletableFuture<Answer> fetch(int id) {
        Answer answer = find(id);
        if (!(answer instanceof Answer.NotYet)) {
            return CompletableFuture.completedFuture(answer);
        }
        CompletableFuture<Answer> pending = inFlight.get(id);
        if (pending == null) {
            pending = new CompletableFuture<>();
            inFlight.put(id, pending);
            fetching.execute(() -> ask(id));
        }
        return pending.copy();
    }

    private void ask(int id) {
        Answer answer;
        try {
            answer = answer(id, source.schema(id));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer = new Answer.NotYet("the client of the schema registry was closed", false);
        } catch (RuntimeException e) {
            answer = new Answer.NotYet("fetching schema " + unsigned(id) + " failed (" + e + ")", true);
        }
        CompletableFuture<Answer> pending;
        synchronized (this) {
            if (answer instanceof Answer.Known yes) {
                known.put(id, yes.schema());
            } else if (answer instanceof Answer.Never no) {
                never.put(id, new Denial(no, clock.instant().plus(limits.unknownFor())));
            }
            pending = inFlight.remove(id);
        }
        if (pending != null) {
            pending.complete(answer);
        }
    }

    private static Answer answer(int id, RegistryAnswer<RegistryClient.SchemaText> said) {
        if (said instanceof RegistryAnswer.Found<RegistryClient.SchemaText> found) {
            return parsed(id, found.value());
        } else if (said instanceof RegistryAnswer.Missing) {
            return never(id, "is not known to the registry; register it and redrive the record");
        } else if (said instanceof RegistryAnswer.Refused<RegistryClient.SchemaText> refused) {
            return new Answer.NotYet(refused.why(), true);
        }
        RegistryAnswer.Unavailable<RegistryClient.SchemaText> unavailable =
                (RegistryAnswer.Unavailable<RegistryClient.SchemaText>) said;
        return new Answer.NotYet(unavailable.why(), unavailable.operatorMustAct());
    }

    private static Answer parsed(int id, RegistryClient.SchemaText text) {
        if (!text.isWholeAvro()) {
            return never(
                    id,
                    text.hasReferences()
                            ? "refers to other schemas, which is not supported; register it in one piece"
                            : "is not of type AVRO");
        }
        try {
            return new Answer.Known(
                    new Schema.Parser().setValidateDefaults(false).parse(text.text()));
        } catch (RuntimeException | StackOverflowError e) {
            return never(id, "is no valid Avro schema (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static Answer never(int id, String why) {
        return new Answer.Never(new Rejection(Reason.UNKNOWN_SCHEMA, "schema " + unsigned(id) + " " + why));
    }

    private static String unsigned(int id) {
        return Integer.toUnsignedString(id);
    }

    /** The same schemas for those who may wait: what is not known yet is fetched when it is asked for. */
    public WriterSchemas waiting() {
        return new WriterSchemas() {
            @Override
            public Answer find(int id) {
                return fetch(id).join();
            }

            @Override
            public CompletableFuture<Answer> fetch(int id) {
                return CachedSchemas.this.fetch(id);
            }
        };
    }

    /** Ends what is being fetched; whoever waits for it is told that it is not there yet. */
    @Override
    public void close() {
        fetching.shutdownNow();
        Map<Integer, CompletableFuture<Answer>> left;
        synchronized (this) {
            left = new HashMap<>(inFlight);
            inFlight.clear();
        }
        left.values()
                .forEach(pending ->
                        pending.complete(new Answer.NotYet("the client of the schema registry was closed", false)));
    }

    private static <V> Map<Integer, V> bounded(int max) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.@Nullable Entry<Integer, V> eldest) {
                return size() > max;
            }
        };
    }
}
