package io.stepvault.wire;

import java.util.List;
import org.apache.avro.Schema;

/**
 * The schemas as producers in any language see them, to be registered. The generated classes' own schemas are not fit for
 * that: they carry {@code avro.java.string}, and so one schema would get two ids. Stateless; safe for any thread.
 */
public final class ContractSchemas {
    private ContractSchemas() {}

    /** The present version of the schema of step captures. */
    public static Schema stepCapture() {
        List<Schema> shipped = FrozenSchemas.stepCapture();
        return shipped.get(shipped.size() - 1);
    }
}
