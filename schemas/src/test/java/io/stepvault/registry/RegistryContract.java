package io.stepvault.registry;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import io.stepvault.registry.RegistryAnswer.Found;
import io.stepvault.registry.RegistryAnswer.Missing;
import io.stepvault.registry.RegistryAnswer.Refused;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.ConfluentFormat;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.wire.DecodeResult;
import java.time.Clock;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** What a registry does, as far as the client relies on it. It demands backward compatibility. */
abstract class RegistryContract {
    private final String subject = "step-captures-" + UUID.randomUUID() + "-value";

    /** A client of the registry under test. */
    abstract RegistryClient client();

    @Test
    void registeredSchemaIsFoundByItsId() throws InterruptedException {
        int id = found(client().register(subject, ContractSchemas.stepCapture()));

        RegistryClient.SchemaText text = found(client().schema(id));

        assertThat(text.isWholeAvro()).isTrue();
        assertThat(new Schema.Parser().parse(text.text())).isEqualTo(ContractSchemas.stepCapture());
    }

    @Test
    void schemaHasOneIdHoweverOftenItIsRegistered() throws InterruptedException {
        int id = found(client().register(subject, ContractSchemas.stepCapture()));

        // The generated class's schema says besides how Java is to hold its texts.
        assertThat(found(client().register(subject, StepCapture.getClassSchema())))
                .isEqualTo(id);
        assertThat(found(client().lookUp(subject, StepCapture.getClassSchema())).id())
                .isEqualTo(id);
        assertThat(found(client().versions(subject))).containsExactly(1);
    }

    @Test
    void unknownIdIsMissing() throws InterruptedException {
        assertThat(client().schema(1_999_999_999)).isInstanceOf(Missing.class);
    }

    @Test
    void unknownSubjectIsMissing() throws InterruptedException {
        assertThat(client().latest(subject)).isInstanceOf(Missing.class);
        assertThat(client().versions(subject)).isInstanceOf(Missing.class);
        assertThat(client().lookUp(subject, ContractSchemas.stepCapture())).isInstanceOf(Missing.class);
    }

    @Test
    void schemaThatIsNotUnderItsSubjectIsMissing() throws InterruptedException {
        found(client().register(subject, ContractSchemas.stepCapture()));

        assertThat(client().lookUp(subject, withRequiredField())).isInstanceOf(Missing.class);
    }

    @Test
    void incompatibleSchemaIsRefused() throws InterruptedException {
        found(client().register(subject, ContractSchemas.stepCapture()));

        assertThat(client().register(subject, withRequiredField())).isInstanceOf(Refused.class);
        assertThat(found(client().check(subject, withRequiredField())).isCompatible())
                .isFalse();
    }

    @Test
    void compatibleSchemaBecomesTheNextVersion() throws InterruptedException {
        int first = found(client().register(subject, ContractSchemas.stepCapture()));
        Schema wider = withField("{\"name\": \"mood\", \"type\": \"string\", \"default\": \"\"}");

        assertThat(found(client().check(subject, wider)).isCompatible()).isTrue();
        int second = found(client().register(subject, wider));

        assertThat(second).isNotEqualTo(first);
        assertThat(found(client().versions(subject))).containsExactly(1, 2);
        RegisteredSchema latest = found(client().latest(subject));
        assertThat(latest.id()).isEqualTo(second);
        assertThat(latest.version()).isEqualTo(2);
        assertThat(latest.type()).isEqualTo("AVRO");
    }

    @Test
    void subjectsMayHaveAnyCharacters() throws InterruptedException {
        String odd = "größe & co? 100% " + subject;
        Schema schema =
                SchemaBuilder.record("Odd").fields().requiredString("text").endRecord();

        found(client().register(odd, schema));

        assertThat(found(client().subjects())).contains(odd);
        assertThat(found(client().latest(odd)).subject()).isEqualTo(odd);
    }

    @Test
    void captureIsReadBackThroughTheRegistry() throws InterruptedException {
        StepCapture capture = aStep().build();
        int id = found(client().register(subject, ContractSchemas.stepCapture()));
        byte[] value = new ConfluentFormat.Encoder().encode(id, capture);

        try (CachedSchemas schemas =
                new CachedSchemas(client()::schema, CachedSchemas.Limits.DEFAULT, Clock.systemUTC())) {
            assertThat(new CaptureDecoder(schemas.waiting()).decode(value))
                    .isEqualTo(new DecodeResult.Decoded(capture));
        }
    }

    static Schema withRequiredField() {
        return withField("{\"name\": \"mood\", \"type\": \"string\"}");
    }

    static Schema withField(String field) {
        String text = ContractSchemas.stepCapture().toString();
        int end = text.lastIndexOf(']');
        return new Schema.Parser().parse(text.substring(0, end) + "," + field + text.substring(end));
    }

    static <T> T found(RegistryAnswer<T> answer) {
        assertThat(answer).isInstanceOf(Found.class);
        return ((Found<T>) answer).value();
    }
}
