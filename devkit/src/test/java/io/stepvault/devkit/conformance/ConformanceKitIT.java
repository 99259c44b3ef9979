package io.stepvault.devkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.devkit.outside.ChildProcess;
import io.stepvault.devkit.outside.IngestBed;
import io.stepvault.devkit.outside.IngestBed.DeadLetter;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StoredStep;
import io.stepvault.wire.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit on a real broker and a real worker. */
class ConformanceKitIT {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void theWorkerMakesOfTheRecordsWhatTheKitSays() throws Exception {
        // given
        List<KitCase> cases = KitCase.all().toList();
        List<KitCase> captures =
                cases.stream().filter(one -> one.reason().isEmpty()).toList();
        try (KitRegistry registry = new KitRegistry();
                IngestBed bed = new IngestBed(directory, Map.of("STEPVAULT_SCHEMA_REGISTRY_URL", registry.url()))) {

            // when
            List<DeadLetter> refused = new ArrayList<>();
            for (KitCase one : cases) {
                for (RecordMetadata sent : publish(bed, one.records())) {
                    one.reason()
                            .ifPresent(reason -> refused.add(new DeadLetter(sent.partition(), sent.offset(), reason)));
                }
            }

            // then
            assertThat(captures).hasSizeGreaterThan(5).allSatisfy(one -> assertStored(bed, one));
            assertThat(bed.deadLetters(refused.size()))
                    .hasSizeGreaterThan(20)
                    .containsExactlyInAnyOrderElementsOf(refused);
            assertThat(bed.steps("conformance"))
                    .as("no step beyond those of the kit")
                    .containsExactlyInAnyOrderElementsOf(captures.stream()
                            .map(KitCase::capture)
                            .filter(capture -> capture.getSessionId().equals("conformance"))
                            .map(StepCapture::getStepId)
                            .toList());
        }
    }

    @Test
    void verifyTellsRightFromWrong() throws Exception {
        ChildProcess.require("python3");
        // given
        List<KitCase> cases = KitCase.all()
                .filter(one -> !one.isConfluent() && one.reason().isEmpty())
                .toList();
        try (IngestBed bed = new IngestBed(directory)) {
            for (KitCase one : cases) {
                publish(bed, one.name().equals("single-minimal") ? List.of(wrong(one)) : one.records());
            }

            // when
            String[] command = {"python3", "-B", "verify.py", bed.api().toString()};
            ChildProcess verify = ChildProcess.run(
                    KitCase.KIT,
                    Map.of(),
                    Stream.concat(Arrays.stream(command), cases.stream().map(KitCase::name))
                            .toArray(String[]::new));

            // then
            assertThat(verify.out().lines())
                    .as("%s", verify)
                    .hasSize(3)
                    .anyMatch(line -> line.startsWith("single-minimal: revision is "))
                    .contains(
                            "single-minimal: url is 'https://wrong.example/', expected None",
                            cases.size() + " captures, 1 wrong");
            assertThat(verify.exitCode()).isEqualTo(1);
        }
    }

    private static ProducerRecord<byte[], byte[]> wrong(KitCase one) {
        StepCapture capture = StepCapture.newBuilder(one.capture())
                .setUrl("https://wrong.example/")
                .build();
        byte[] key = capture.getSessionId().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(
                IngestBed.CAPTURES, key, SingleObjectCodec.stepCaptures().encode(capture));
    }

    private static List<RecordMetadata> publish(IngestBed bed, List<ProducerRecord<byte[], byte[]>> records)
            throws Exception {
        Map<String, Object> properties = Map.of("bootstrap.servers", bed.bootstrapServers());
        List<RecordMetadata> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record).get());
            }
        }
        return sent;
    }

    private static void assertStored(IngestBed bed, KitCase one) {
        StepCapture capture = one.capture();
        StoredStep step = bed.step(capture.getSessionId(), capture.getStepId());
        assertThat(new String(step.record().toJson(), StandardCharsets.UTF_8)).isEqualTo(one.text("step_json"));
        assertThat(step.revision().toString()).isEqualTo(one.text("revision"));
        // Reading compares with size and SHA-256 of the commit record, which is the kit's.
        step.record()
                .artifacts()
                .forEach((name, info) ->
                        assertThat((long) step.read(name).length).isEqualTo(info.size()));
    }
}
