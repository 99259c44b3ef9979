package io.stepvault.wire;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.Artifacts;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.capture.testing.StepBuilder;
import io.stepvault.event.Artifact;
import io.stepvault.event.BatchSource;
import io.stepvault.event.BatchStored;
import io.stepvault.event.ByteRange;
import io.stepvault.event.CompletedArtifact;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.DeadLetteredStep;
import io.stepvault.event.StepCapture;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SingleObjectCodecTest {
    private static final int HEADER_BYTES = 10;

    private final SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();

    @Property
    void everyCaptureIsReadBack(@ForAll StepCapture capture) throws UndecodableException {
        StepCapture decoded = codec.decode(codec.encode(capture));

        assertThat(decoded).isEqualTo(capture);
        assertThat(CommitRecord.of(decoded)).isEqualTo(CommitRecord.of(capture));
    }

    @Property
    void encodedCaptureHasNoSlack(@ForAll StepCapture capture) throws UndecodableException {
        byte[] encoded = codec.encode(capture);

        // One byte less breaks off, one byte more is left over.
        assertUndecodable(Arrays.copyOf(encoded, encoded.length - 1));
        assertThat(reasonFor(Arrays.copyOf(encoded, encoded.length + 1))).isEqualTo(Reason.TRAILING_BYTES);
    }

    @Property(tries = 50)
    void captureThatBreaksOffAnywhereIsRefused(@ForAll StepCapture capture) {
        byte[] encoded = codec.encode(capture);

        for (int length = 0; length < encoded.length; length++) {
            assertThat(reasonFor(Arrays.copyOf(encoded, length))).isEqualTo(Reason.UNDECODABLE);
        }
    }

    @Property
    void changedByteIsReadOrRefused(
            @ForAll StepCapture capture, @ForAll @IntRange(max = 10_000) int at, @ForAll byte changed) {
        byte[] encoded = codec.encode(capture);
        encoded[at % encoded.length] = changed;

        readOrRefused(encoded);
    }

    @Property
    void anyBytesBehindAHeaderAreReadOrRefused(@ForAll @Size(max = 200) byte[] body) {
        byte[] value = Arrays.copyOf(codec.encode(aStep().build()), HEADER_BYTES + body.length);
        System.arraycopy(body, 0, value, HEADER_BYTES, body.length);

        readOrRefused(value);
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
        readOrRefused(bytes);
    }

    @Test
    void everyFlippedBitIsReadOrRefused() {
        byte[] encoded = codec.encode(aStep().withHtml("<p>")
                .withAttachment("a", "b")
                .withLabel("l", "m")
                .withSequence(1)
                .build());

        for (int bit = 0; bit < encoded.length * 8; bit++) {
            byte[] flipped = encoded.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            readOrRefused(flipped);
        }
    }

    @Test
    void lengthsThatPromiseMoreThanThereIsAllocateNothing() {
        // The tests' heap is far smaller than what these announce: an allocation would end them.
        byte[] prefix = Arrays.copyOf(codec.encode(aStep().build()), HEADER_BYTES);
        byte[] ids = Arrays.copyOf(codec.encode(aStep().build()), codec.encode(aStep().build()).length - 8);
        for (long length : new long[] {1L << 30, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE}) {
            assertUndecodable(join(prefix, varint(length)));
            assertUndecodable(join(ids, new byte[] {0, 0, 2}, varint(0), varint(length)));
            for (byte[] map : List.of(varint(length), join(varint(-length), varint(4)))) {
                assertUndecodable(join(ids, new byte[5], map, new byte[] {2, 'a', 0, 0}));
                assertUndecodable(join(ids, new byte[6], map, new byte[] {2, 'a', 0, 0}));
            }
        }
    }

    @Test
    void arrayLengthsThatPromiseMoreThanThereIsAllocateNothing() {
        SingleObjectCodec<BatchStored> completions = SingleObjectCodec.completions();
        byte[] encoded = completions.encode(completion(List.of()));
        byte[] upToSteps = Arrays.copyOf(encoded, encoded.length - 6);
        for (long length : new long[] {1L << 30, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> completions.decode(join(upToSteps, varint(length), new byte[20])))
                    .isInstanceOf(UndecodableException.class);
        }
    }

    @Property
    void artifactsShareTheRecordsArray(@ForAll StepCapture capture) throws UndecodableException {
        byte[] encoded = codec.encode(capture);

        StepCapture decoded = codec.decode(encoded);

        assertThat(ArtifactName.artifactsOf(decoded).values()).allSatisfy(artifact -> {
            assertThat(artifact.getData().array()).isSameAs(encoded);
            assertThat(artifact.getData().position()).isZero();
            assertThat(artifact.getData().capacity())
                    .isEqualTo(artifact.getData().remaining());
        });
        assertThat(CommitRecord.of(decoded).revision())
                .isEqualTo(CommitRecord.of(capture).revision());
    }

    @Test
    void bytesOfAnyWrongLengthAreRefused() {
        byte[] encoded = codec.encode(aStep().withAttachment("a", "").build());
        int at = encoded.length - 4; // before the end of the attachments, the labels and the end of the session
        assertThat(encoded[at]).isZero();
        byte[] before = Arrays.copyOf(encoded, at);
        byte[] after = new byte[3];

        assertUndecodable(join(before, varint(-1), after));
        assertUndecodable(join(before, varint(Long.MIN_VALUE), after));
        assertUndecodable(join(before, varint(4), after));
        assertUndecodable(join(before, varint((1L << 32) + 1), new byte[1], after));
        assertUndecodable(join(before, varint(Integer.MAX_VALUE), after));
        assertUndecodable(join(before, varint(Long.MAX_VALUE), after));
        assertThatNoException().isThrownBy(() -> codec.decode(join(before, varint(1), new byte[1], after)));
    }

    @Test
    void mapsTogetherHaveSoManyEntriesAtMost() throws UndecodableException {
        StepBuilder step = aStep().withAttachment("a", "");
        for (int label = 1; label < EventDecoder.MAX_MAP_ENTRIES; label++) {
            step = step.withLabel("l" + label, "");
        }
        byte[] most = codec.encode(step.build());
        byte[] tooMany = codec.encode(step.withLabel("one more", "").build());

        assertThat(codec.decode(most).getLabels()).hasSize(EventDecoder.MAX_MAP_ENTRIES - 1);
        assertThatThrownBy(() -> codec.decode(tooMany))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("the maps announce more than the 100000 labels and attachments");
    }

    @Test
    void entriesAreCountedOverAllBlocksOfAMap() {
        byte[] encoded = codec.encode(aStep().build());
        byte[] upToLabels = Arrays.copyOf(encoded, encoded.length - 2);
        int blocks = EventDecoder.MAX_MAP_ENTRIES + 1;
        ByteBuffer labels = ByteBuffer.allocate(3 * blocks);
        for (int block = 0; block < blocks; block++) {
            labels.put((byte) 2).put((byte) 0).put((byte) 0); // one entry: an empty name, an empty text
        }

        assertThatThrownBy(() -> codec.decode(join(upToLabels, labels.array(), new byte[2])))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("the maps announce more");
    }

    @Test
    void otherMarkerVersionOrSchemaIsRefused() {
        byte[] encoded = codec.encode(aStep().build());

        assertThat(reasonFor(changed(encoded, 0, 0xC2))).isEqualTo(Reason.UNDECODABLE);
        assertThat(reasonFor(changed(encoded, 1, 2))).isEqualTo(Reason.UNDECODABLE);
        for (int at = 2; at < HEADER_BYTES; at++) {
            assertThat(reasonFor(changed(encoded, at, ~encoded[at]))).isEqualTo(Reason.UNKNOWN_SCHEMA);
        }
        assertThat(reasonFor(new byte[0])).isEqualTo(Reason.UNDECODABLE);
    }

    @Test
    void completionIsNoCapture() {
        byte[] completion = SingleObjectCodec.completions().encode(completion(List.of()));

        assertThat(reasonFor(completion)).isEqualTo(Reason.UNKNOWN_SCHEMA);
    }

    @Test
    void completionIsReadBack() throws UndecodableException {
        SingleObjectCodec<BatchStored> completions = SingleObjectCodec.completions();
        BatchStored completion = completion(List.of(new CompletedStep(
                "step",
                "20261120T080012.345678Z-0123456789abcdef",
                7L,
                List.of(
                        new CompletedArtifact("html", "s3://b/k", new ByteRange(1L, 2L), 2L, "00", "text/html"),
                        new CompletedArtifact("attachments/é😀", "file:///k", null, 0L, "00", "")))));

        assertThat(completions.decode(completions.encode(completion))).isEqualTo(completion);
    }

    @Test
    void textThatIsNotUtf8IsRefusedNotMended() {
        byte[] encoded = codec.encode(
                aStep().inSession("xéx").withLabel("é", "v").withLabel("w", "é").build());

        int found = 0;
        for (int at = HEADER_BYTES; at < encoded.length - 1; at++) {
            if (encoded[at] == (byte) 0xC3 && encoded[at + 1] == (byte) 0xA9) {
                assertUndecodable(changed(encoded, at, 0xE9));
                found++;
            }
        }
        assertThat(found).isEqualTo(3);
    }

    @Test
    void replacementCharacterThatWasPublishedIsKept() throws UndecodableException {
        StepCapture capture =
                aStep().inSession("\ufffd").withLabel("\ufffd", "a\ufffd").build();

        assertThat(codec.decode(codec.encode(capture))).isEqualTo(capture);
    }

    @Test
    void textThatIsNoUnicodeIsNotEncoded() {
        for (StepBuilder step : List.of(
                aStep().inSession("\ud83d"),
                aStep().withUrl("a\ude00"),
                aStep().withLabel("\ud83d", ""),
                aStep().withLabel("", "\ud83d"),
                aStep().withAttachment("\ud83d", ""))) {
            assertThatThrownBy(() -> codec.encode(step.build())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void timeBeyondMicrosecondsIsNotEncoded() {
        for (Instant time : List.of(Instant.MIN, Instant.MAX)) {
            assertThatThrownBy(() -> codec.encode(aStep().capturedAt(time).build()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a missing field is what it is about
    void missingFieldIsNotEncoded() {
        StepCapture whole = aStep().build();
        StepCapture broken = new StepCapture(
                "s", null, whole.getCapturedAt(), null, null, null, null, null, whole.getAttachments(), null, false);

        assertThatThrownBy(() -> codec.encode(broken)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void buffersOfEveryKindAreReadBackAndNotMoved() throws UndecodableException {
        byte[] bytes = new byte[100_000];
        Arrays.fill(bytes, (byte) 7);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        ByteBuffer part =
                ByteBuffer.allocate(bytes.length + 2).position(1).put(bytes).limit(bytes.length + 1);
        part.position(1);
        for (ByteBuffer data : List.of(
                ByteBuffer.wrap(bytes), ByteBuffer.wrap(bytes).asReadOnlyBuffer(), direct, part, part.slice())) {
            StepCapture capture =
                    aStep().withAttachment("a", new Artifact("x", data)).build();

            byte[] encoded = codec.encode(capture);

            assertThat(data.remaining()).isEqualTo(bytes.length);
            assertThat(codec.decode(encoded))
                    .isEqualTo(aStep().withAttachment("a", Artifacts.of("x", bytes))
                            .build());
        }
    }

    private static BatchStored completion(List<CompletedStep> steps) {
        return new BatchStored(
                "00",
                "session",
                new BatchSource("topic", "id", 1, 2L, 3L),
                StepBuilder.CAPTURED_AT,
                null,
                steps,
                steps.isEmpty() ? List.of() : List.of(new DeadLetteredStep(3L, null, "too-large")),
                true);
    }

    private void readOrRefused(byte[] value) {
        try {
            assertThat(codec.decode(value)).isNotNull();
        } catch (UndecodableException refused) {
            assertThat(refused).hasMessage(refused.rejection().detail());
        }
    }

    private void assertUndecodable(byte[] value) {
        assertThat(reasonFor(value)).isEqualTo(Reason.UNDECODABLE);
    }

    private Reason reasonFor(byte[] value) {
        try {
            throw new AssertionError("decoded " + codec.decode(value));
        } catch (UndecodableException e) {
            return e.rejection().reason();
        }
    }

    private static byte[] changed(byte[] bytes, int at, int to) {
        byte[] changed = bytes.clone();
        changed[at] = (byte) to;
        return changed;
    }

    private static byte[] varint(long number) {
        ByteBuffer out = ByteBuffer.allocate(10);
        long zigzag = (number << 1) ^ (number >> 63);
        while ((zigzag & ~0x7FL) != 0) {
            out.put((byte) ((zigzag & 0x7F) | 0x80));
            zigzag >>>= 7;
        }
        out.put((byte) zigzag);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer out = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            out.put(part);
        }
        return out.array();
    }
}
