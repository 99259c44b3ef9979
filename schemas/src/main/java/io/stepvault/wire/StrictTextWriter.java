package io.stepvault.wire;

import io.stepvault.capture.UnicodeText;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.Encoder;
import org.apache.avro.specific.SpecificDatumWriter;

/** Writes events, but text with an unpaired surrogate is an error. Avro itself would put a {@code ?} in its place. */
final class StrictTextWriter<T> extends SpecificDatumWriter<T> {
    StrictTextWriter(Schema schema) {
        super(schema);
    }

    @Override
    protected void writeString(Object datum, Encoder out) throws IOException {
        if (datum instanceof String text && !UnicodeText.isValid(text)) {
            throw new AvroRuntimeException("a text is not valid Unicode: it holds an unpaired surrogate");
        }
        super.writeString(datum, out);
    }
}
