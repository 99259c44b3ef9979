package io.stepvault.worker.assemble;

import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.DecodeResult;
import io.stepvault.wire.WriterSchemas;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.PipelineThread;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;

/**
 * Decodes records, and holds the partitions that need a schema which is not there yet. The schema is fetched elsewhere;
 * meanwhile the other partitions go on. A registry that does not answer is asked again and again: that says nothing
 * against a record.
 *
 * <p>Of a partition that is held nothing is kept: the record that names the schema, and those after it, are read from the
 * topic again once it is there. So order is kept and memory is not used, however long it takes.
 *
 * <p>Pure but for the {@link WriterSchemas} that it asks; only the pipeline's thread may touch it.
 */
public final class SchemaGate {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int MAX_DOUBLINGS = 5;

    private final WriterSchemas schemas;
    private final CaptureDecoder decoder;
    private final PipelineThread thread;
    private final RegistryHealth health;
    private final WorkerMetrics metrics;
    private final Map<Assignment, Integer> held = new LinkedHashMap<>();
    private final Map<Integer, Wanted> wanted = new HashMap<>();

    /** A schema that partitions wait for. */
    private static final class Wanted {
        private boolean isAsked;
        private int failures;
        private Instant notBefore = Instant.MIN;
    }

    /** A gate that holds nothing. */
    public SchemaGate(WriterSchemas schemas, PipelineThread thread, RegistryHealth health, WorkerMetrics metrics) {
        this.schemas = schemas;
        this.decoder = new CaptureDecoder(schemas);
        this.thread = thread;
        this.health = health;
        this.metrics = metrics;
    }

    /** Decodes a record of an assignment. If the result is that it cannot be yet, the assignment is held. */
    DecodeResult decode(Assignment assignment, SourceRecord record) {
        Integer awaited = held.get(assignment);
        if (awaited != null) {
            return new DecodeResult.NotYet(awaited, "a record before it waits for its schema");
        }
        DecodeResult result = decoder.decode(record.valueBuffer(), headers(record));
        if (result instanceof DecodeResult.NotYet notYet) {
            held.put(assignment, notYet.schemaId());
            ask(notYet.schemaId(), wanted.computeIfAbsent(notYet.schemaId(), id -> new Wanted()));
        }
        return result;
    }

    /** The last header of a name counts, as everywhere. */
    private static ChunkFormat.Lookup headers(SourceRecord record) {
        return name -> {
            byte[] last = null;
            for (Header header : record.headers()) {
                last = header.key().equals(name) ? header.value() : last;
            }
            return last;
        };
    }

    /** Whether an assignment waits for a schema, so that it is of no use to read on in it. */
    public boolean isHeld(Assignment assignment) {
        return held.containsKey(assignment);
    }

    /** The number of assignments that wait for a schema. */
    public int waiting() {
        return held.size();
    }

    /** Asks again for what was not answered. */
    public void tick() {
        Instant now = thread.clock().instant();
        Map.copyOf(wanted).forEach((id, schema) -> {
            if (!schema.isAsked && !now.isBefore(schema.notBefore)) {
                ask(id, schema);
            }
        });
    }

    private void ask(int id, Wanted schema) {
        if (!schema.isAsked) {
            schema.isAsked = true;
            var unused = schemas.fetch(id).thenAccept(answer -> thread.execute(() -> answered(id, schema, answer)));
        }
    }

    private void answered(int id, Wanted schema, WriterSchemas.Answer answer) {
        schema.isAsked = false;
        if (wanted.get(id) != schema) {
            return; // nobody waits for it any more
        }
        if (answer instanceof WriterSchemas.Answer.NotYet notYet) {
            schema.notBefore = thread.clock().instant().plus(pause(schema.failures++));
            metrics.registryFailed();
            health.fails(notYet.why(), notYet.operatorMustAct());
        } else {
            wanted.remove(id);
            held.values().removeIf(awaited -> awaited == id);
            health.works();
        }
    }

    private static Duration pause(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** Forgets an assignment that has ended. */
    public void discard(Assignment assignment) {
        Integer awaited = held.remove(assignment);
        if (awaited != null && !held.containsValue(awaited)) {
            wanted.remove(awaited);
        }
        if (held.isEmpty()) {
            health.works();
        }
    }
}
