package io.stepvault.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Every schema version that was ever shipped, oldest first. A frozen file is never changed: a changed schema becomes
 * the next version here, so that records of all earlier producers stay readable.
 */
final class FrozenSchemas {
    private static final List<Schema> STEP_CAPTURE = List.of(read("StepCapture.v1.avsc"));
    private static final List<Schema> BATCH_STORED = List.of(read("BatchStored.v1.avsc"));

    private FrozenSchemas() {}

    static List<Schema> stepCapture() {
        return STEP_CAPTURE;
    }

    static List<Schema> batchStored() {
        return BATCH_STORED;
    }

    private static Schema read(String name) {
        String path = "/io/stepvault/event/frozen/" + name;
        try (InputStream in = FrozenSchemas.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the jar is damaged: it lacks " + path);
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the jar is damaged: " + path + " cannot be read", e);
        }
    }
}
