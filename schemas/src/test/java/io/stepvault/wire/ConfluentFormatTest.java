package io.stepvault.wire;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.StepCapture;
import io.stepvault.wire.WriterSchemas.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class ConfluentFormatTest {
    private static final int ID = 0x01020304;

    private final ConfluentFormat.Encoder encoder = new ConfluentFormat.Encoder();

    @Property
    void decodesWhatItEncodes(@ForAll StepCapture capture) {
        byte[] value = encoder.encode(ID, capture);

        assertThat(Arrays.copyOf(value, 5)).containsExactly(0, 1, 2, 3, 4);
        assertThat(format(ContractSchemas.stepCapture()).decode(value)).isEqualTo(new DecodeResult.Decoded(capture));
    }

    @Property
    void throwsNothing(@ForAll byte[] bytes) {
        byte[] value = ByteBuffer.allocate(5 + bytes.length)
                .putInt(1, ID)
                .put(5, bytes)
                .array();

        assertThat(format(ContractSchemas.stepCapture()).decode(value)).isNotNull();
    }

    @Test
    void schemaThatIsNotThereYetSaysNothingAgainstTheRecord() {
        byte[] value = encoder.encode(ID, aStep().build());

        DecodeResult result = new ConfluentFormat(schemas(new Answer.NotYet("down", false))).decode(value);

        assertThat(result).isEqualTo(new DecodeResult.NotYet(ID, "down"));
    }

    @Test
    void whatTheRegistryRulesOutIsUndecodable() {
        Rejection rejection = new Rejection(Reason.UNKNOWN_SCHEMA, "schema 5 is not known");
        byte[] value = encoder.encode(ID, aStep().build());

        DecodeResult result = new ConfluentFormat(schemas(new Answer.Never(rejection))).decode(value);

        assertThat(result).isEqualTo(new DecodeResult.Undecodable(rejection));
    }

    @Test
    void prefixThatBreaksOffIsUndecodable() {
        assertThat(rejection(format(ContractSchemas.stepCapture()).decode(new byte[] {0, 0, 0, 1}))
                        .reason())
                .isEqualTo(Reason.UNDECODABLE);
    }

    @Test
    void trailingBytesAreNotAccepted() {
        byte[] value = encoder.encode(ID, aStep().build());

        DecodeResult result = format(ContractSchemas.stepCapture()).decode(Arrays.copyOf(value, value.length + 1));

        assertThat(rejection(result).reason()).isEqualTo(Reason.TRAILING_BYTES);
    }

    @Test
    void otherRecordIsNotTakenForACapture() {
        Schema other = SchemaBuilder.record("com.example.StepCapture")
                .fields()
                .requiredString("session_id")
                .requiredString("step_id")
                .requiredLong("captured_at")
                .endRecord();
        byte[] value = encoded(other, record -> {
            record.put("session_id", "s");
            record.put("step_id", "p");
            record.put("captured_at", 5L);
        });

        Rejection rejection = rejection(format(other).decode(value));

        assertThat(rejection.reason()).isEqualTo(Reason.UNDECODABLE);
        assertThat(rejection.detail())
                .isEqualTo("schema 16909060 of the registry is com.example.StepCapture; expected"
                        + " io.stepvault.event.StepCapture");
        assertThat(rejection(format(Schema.create(Schema.Type.STRING)).decode(value))
                        .detail())
                .contains("is a STRING");
    }

    @Test
    void writerMayLackWhatHasADefaultAndHaveMore() {
        Schema.Field extra =
                new Schema.Field("extra", Schema.createArray(Schema.create(Schema.Type.STRING)), null, (Object) null);
        Schema writer = smallest(List.of(extra), true);
        byte[] value = encoded(writer, record -> {
            record.put("session_id", "s");
            record.put("step_id", "p");
            record.put("captured_at", 5L);
            record.put("extra", List.of("a", "b"));
        });

        StepCapture capture = ((DecodeResult.Decoded) format(writer).decode(value)).capture();

        assertThat(capture.getSessionId()).isEqualTo("s");
        assertThat(capture.getCapturedAt().toString()).isEqualTo("1970-01-01T00:00:00.000005Z");
        assertThat(capture.getHtml()).isEmpty();
        assertThat(capture.getLabels()).isEqualTo(Map.of());
    }

    @Test
    void timeInOtherUnitsIsRefusedRatherThanMisread() {
        Schema writer = smallest(List.of(), false);
        byte[] value = encoded(writer, record -> {
            record.put("session_id", "s");
            record.put("step_id", "p");
            record.put("captured_at", 5L);
        });

        assertThat(rejection(format(writer).decode(value)).detail())
                .contains("captured_at as timestamp-millis; expected timestamp-micros");
    }

    @Test
    void schemaThatCannotBeResolvedIsNamed() {
        Schema writer = SchemaBuilder.record(StepCapture.class.getName())
                .fields()
                .requiredString("session_id")
                .endRecord();
        byte[] value = encoded(writer, record -> record.put("session_id", "s"));

        Rejection rejection = rejection(format(writer).decode(value));

        assertThat(rejection.reason()).isEqualTo(Reason.UNDECODABLE);
        assertThat(rejection.detail()).contains("16909060").contains("cannot be read as a step capture");
    }

    @Test
    void millionsOfItemsThatTakeUpNothingAreNotGoneThrough() throws IOException {
        Schema.Field nothing =
                new Schema.Field("nothing", Schema.createArray(Schema.create(Schema.Type.NULL)), null, (Object) null);
        Schema writer = smallest(List.of(nothing), true);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        out.writeFixed(ByteBuffer.allocate(5).putInt(1, ID).array());
        out.writeString("s");
        out.writeString("p");
        out.writeLong(5);
        out.writeArrayStart();
        out.setItemCount(1_000_000_000);
        out.flush();

        assertThat(rejection(format(writer).decode(bytes.toByteArray())).detail())
                .contains("more items than there are bytes");
    }

    @Test
    void schemaThatNestsWithoutEndDoesNoHarm() throws IOException {
        Schema nested = SchemaBuilder.record("Nested")
                .fields()
                .name("next")
                .type("Nested")
                .noDefault()
                .endRecord();
        Schema writer = smallest(List.of(new Schema.Field("nested", nested, null, (Object) null)), true);
        byte[] value = ByteBuffer.allocate(30)
                .putInt(1, ID)
                .put(5, new byte[] {2, 's', 2, 'p', 10})
                .array();

        assertThat(rejection(format(writer).decode(value)).reason()).isEqualTo(Reason.UNDECODABLE);
    }

    @Test
    void sameIdMayBeAnotherSchemaLater() {
        List<Answer> answers = new ArrayList<>(List.of(new Answer.Known(smallest(List.of(), true))));
        ConfluentFormat format = new ConfluentFormat(schemas(answers));
        byte[] small = encoded(smallest(List.of(), true), record -> {
            record.put("session_id", "s");
            record.put("step_id", "p");
            record.put("captured_at", 5L);
        });
        assertThat(format.decode(small)).isInstanceOf(DecodeResult.Decoded.class);

        answers.set(0, new Answer.Known(ContractSchemas.stepCapture()));

        StepCapture capture = aStep().build();
        assertThat(format.decode(encoder.encode(ID, capture))).isEqualTo(new DecodeResult.Decoded(capture));
    }

    @Test
    void schemaToRegisterKnowsNothingOfJava() {
        assertThat(ContractSchemas.stepCapture().toString()).doesNotContain("avro.java");
    }

    @Test
    void idInAHeaderIsSaidSo() {
        CaptureDecoder decoder = CaptureDecoder.withoutRegistry();
        ByteBuffer value = ByteBuffer.wrap(SingleObjectCodec.stepCaptures().encode(aStep().build()));
        byte[] guid = "0f6a".getBytes(StandardCharsets.US_ASCII);

        assertThat(rejection(decoder.decode(value, name -> name.equals("__value_schema_id") ? guid : null))
                        .detail())
                .contains("__value_schema_id")
                .contains("PrefixSchemaIdSerializer");
        assertThat(decoder.decode(value, name -> null)).isInstanceOf(DecodeResult.Decoded.class);
    }

    /** The least that a producer may write. */
    private static Schema smallest(List<Schema.Field> more, boolean inMicros) {
        Schema time = Schema.create(Schema.Type.LONG);
        (inMicros ? LogicalTypes.timestampMicros() : LogicalTypes.timestampMillis()).addToSchema(time);
        List<Schema.Field> fields = new ArrayList<>(List.of(
                new Schema.Field("session_id", Schema.create(Schema.Type.STRING)),
                new Schema.Field("step_id", Schema.create(Schema.Type.STRING)),
                new Schema.Field("captured_at", time)));
        fields.addAll(more.stream()
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
        return Schema.createRecord("StepCapture", null, "io.stepvault.event", false, fields);
    }

    private static byte[] encoded(Schema schema, Consumer<GenericRecord> fill) {
        GenericRecord record = new GenericData.Record(schema);
        fill.accept(record);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(5).putInt(1, ID).array());
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(schema).write(record, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static ConfluentFormat format(Schema writer) {
        return new ConfluentFormat(schemas(new Answer.Known(writer)));
    }

    private static WriterSchemas schemas(Answer answer) {
        return schemas(List.of(answer));
    }

    private static WriterSchemas schemas(List<Answer> answer) {
        return new WriterSchemas() {
            @Override
            public Answer find(int id) {
                assertThat(id).isEqualTo(ID);
                return answer.get(0);
            }

            @Override
            public CompletableFuture<Answer> fetch(int id) {
                throw new AssertionError("decoding asks for nothing");
            }
        };
    }

    private static Rejection rejection(DecodeResult result) {
        assertThat(result).isInstanceOf(DecodeResult.Undecodable.class);
        return ((DecodeResult.Undecodable) result).rejection();
    }
}
