package io.stepvault.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.IdCodec;
import io.stepvault.capture.InvalidIdException;
import io.stepvault.event.StepCapture;
import io.stepvault.golden.GoldenFile.Case;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.DecodeResult;
import io.stepvault.wire.SingleObjectCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenFilesTest {
    private static final HexFormat HEX = HexFormat.of();

    private final SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();

    static Stream<GoldenFile> captures() throws IOException {
        return GoldenFile.readAll("captures/v1");
    }

    static Stream<Case> undecodable() {
        return GoldenFile.read("undecodable.json").cases("records").stream();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void commitRecordAndRevisionAreTheGoldenOnes(GoldenFile file) throws IOException {
        CommitRecord record = CommitRecord.of(GoldenCapture.of(file));

        String json = new String(record.toJson(), StandardCharsets.UTF_8);

        assertThat(json).isEqualTo(file.expected("step_json", json));
        String revision = record.revision().toString();
        assertThat(revision).isEqualTo(file.expected("revision", revision));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void goldenCommitRecordIsReadBack(GoldenFile file) throws IOException {
        CommitRecord record = CommitRecord.of(GoldenCapture.of(file));
        String json = (String) file.expected("step_json", new String(record.toJson(), StandardCharsets.UTF_8));

        assertThat(CommitRecord.parse(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(record);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void goldenRecordsHoldTheCapture(GoldenFile file) throws IOException {
        StepCapture capture = GoldenCapture.of(file);

        for (Case record : records(file)) {
            DecodeResult result = CaptureDecoder.withoutRegistry().decode(HEX.parseHex(record.get("hex")));

            assertThat(result).as("%s", record).isEqualTo(new DecodeResult.Decoded(capture));
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void encodesTheGoldenRecordButForTheOrderInMaps(GoldenFile file) throws IOException {
        byte[] golden = HEX.parseHex(records(file).get(0).get("hex"));

        byte[] encoded = codec.encode(GoldenCapture.of(file));

        assertThat(encoded).startsWith(Arrays.copyOf(golden, 10)).hasSameSizeAs(golden);
        StepCapture capture = GoldenCapture.of(file);
        if (capture.getAttachments().size() <= 1 && capture.getLabels().size() <= 1) {
            assertThat(encoded).isEqualTo(golden);
        }
    }

    @ParameterizedTest
    @MethodSource("undecodable")
    void refusesWhatHoldsNoCapture(Case record) {
        DecodeResult result = CaptureDecoder.withoutRegistry().decode(HEX.parseHex(record.get("hex")));

        assertThat(result)
                .isInstanceOfSatisfying(
                        DecodeResult.Undecodable.class,
                        undecodable -> assertThat(
                                        undecodable.rejection().reason().code())
                                .isEqualTo(record.get("reason")));
    }

    @Test
    void idsAreEncodedAndDecodedAsGolden() {
        for (Case id : GoldenFile.read("ids.json").cases("encoded")) {
            assertThat(IdCodec.encode(id.get("id"))).as("%s", id).isEqualTo(id.get("encoded"));
            assertThat(IdCodec.decode(id.get("encoded"))).as("%s", id).isEqualTo(id.get("id"));
        }
    }

    @Test
    void whatIsNoIdIsRefused() {
        for (Case id : GoldenFile.read("ids.json").cases("not_an_id")) {
            assertThatThrownBy(() -> IdCodec.encode(id.get("id"))).as("%s", id).isInstanceOf(InvalidIdException.class);
        }
    }

    @Test
    void whatIsNoEncodedIdIsRefused() {
        for (Case text : GoldenFile.read("ids.json").cases("not_an_encoded_id")) {
            assertThatThrownBy(() -> IdCodec.decode(text.get("text")))
                    .as("%s", text)
                    .isInstanceOf(InvalidIdException.class);
        }
    }

    private List<Case> records(GoldenFile file) throws IOException {
        String hex = HEX.formatHex(codec.encode(GoldenCapture.of(file)));
        file.expected("records", List.of(Map.of("what", "as first encoded", "hex", hex)));
        return file.cases("records");
    }
}
