package io.stepvault.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.flow.OffsetRuns.Run;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.apache.kafka.common.Uuid;

class CommitMetadataTest {
    private static final String TOPIC_ID = "AAECAwQFBgcICQoLDA0ODw";
    private static final String OTHER_TOPIC_ID = Uuid.ONE_UUID.toString();

    /** What is settled beyond a base offset. */
    record Settled(long base, OffsetRuns runs) {}

    @Provide
    Arbitrary<Settled> settled() {
        Arbitrary<Long> length = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 300), Arbitraries.longs().between(1, 1L << 40));
        Arbitrary<List<Long>> lengths = length.list().ofMaxSize(200);
        Arbitrary<Long> base = Arbitraries.longs().between(0, 1L << 60);
        return Combinators.combine(base, lengths).as(CommitMetadataTest::settled);
    }

    private static Settled settled(long base, List<Long> lengths) {
        List<Run> runs = new ArrayList<>();
        long next = base;
        for (int i = 0; i + 1 < lengths.size(); i += 2) {
            long first = next + lengths.get(i);
            next = first + lengths.get(i + 1);
            runs.add(new Run(first, next - 1));
        }
        return new Settled(base, new OffsetRuns(runs));
    }

    /** Every second offset above the base. */
    private static OffsetRuns everySecond(long base, int count) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long offset = base + 1 + 2L * i;
            runs.add(new Run(offset, offset));
        }
        return new OffsetRuns(runs);
    }

    @Property
    void whatIsEncodedIsDecoded(@ForAll("settled") Settled settled) {
        String metadata =
                CommitMetadata.encode(TOPIC_ID, settled.base(), settled.runs()).orElseThrow();

        assertThat(metadata).matches("[A-Za-z0-9_-]*").hasSizeLessThanOrEqualTo(CommitMetadata.MAX_CHARACTERS);
        assertThat(CommitMetadata.decode(metadata, TOPIC_ID, settled.base())).contains(settled.runs());
    }

    @Property
    void itFitsExactlyWhenThereIsAText(@ForAll("settled") Settled settled, @ForAll @IntRange(max = 3000) int more) {
        List<Run> runs = new ArrayList<>(settled.runs().runs());
        long last = runs.isEmpty() ? settled.base() : runs.get(runs.size() - 1).last();
        runs.addAll(everySecond(last + 1, more).runs());
        OffsetRuns all = new OffsetRuns(runs);

        assertThat(CommitMetadata.encode(TOPIC_ID, settled.base(), all).isPresent())
                .isEqualTo(CommitMetadata.fits(settled.base(), all));
    }

    @Example
    void fillsWhatABrokerTakesAndNoMore() {
        int most = (3000 - 1 - 16 - 1 - 4) / 2;

        assertThat(CommitMetadata.encode(TOPIC_ID, 5, everySecond(5, most)))
                .hasValueSatisfying(
                        metadata -> assertThat(metadata).hasSizeBetween(3990, CommitMetadata.MAX_CHARACTERS));
        assertThat(CommitMetadata.encode(TOPIC_ID, 5, everySecond(5, most + 1))).isEmpty();
        assertThat(CommitMetadata.fits(5, everySecond(5, most + 1))).isFalse();
    }

    @Example
    void theTopicIsNamedAlsoWhenNothingIsSettled() {
        String metadata = CommitMetadata.encode(TOPIC_ID, 7, OffsetRuns.NONE).orElseThrow();

        assertThat(metadata).isNotEmpty();
        assertThat(CommitMetadata.decode(metadata, TOPIC_ID, 7)).contains(OffsetRuns.NONE);
        assertThat(CommitMetadata.isOfOtherTopic(metadata, OTHER_TOPIC_ID, 7)).isTrue();
    }

    @Example
    void theEmptyTextSettlesNothingAndNamesNoTopic() {
        assertThat(CommitMetadata.decode("", TOPIC_ID, 7)).contains(OffsetRuns.NONE);
        assertThat(CommitMetadata.isOfOtherTopic("", TOPIC_ID, 7)).isFalse();
    }

    @Property
    void anOffsetIsOfAnotherTopicOnlyIfItsMetadataNamesThat(
            @ForAll("settled") Settled settled, @ForAll @IntRange(max = 1_000_000) int position) {
        String metadata =
                CommitMetadata.encode(TOPIC_ID, settled.base(), settled.runs()).orElseThrow();

        assertThat(CommitMetadata.isOfOtherTopic(metadata, TOPIC_ID, settled.base()))
                .isFalse();
        assertThat(CommitMetadata.isOfOtherTopic(metadata, OTHER_TOPIC_ID, settled.base()))
                .isTrue();
        assertThat(CommitMetadata.isOfOtherTopic(metadata, OTHER_TOPIC_ID, settled.base() + 1))
                .as("somebody has moved the offset and kept the metadata")
                .isFalse();
        assertThat(CommitMetadata.isOfOtherTopic(flipped(metadata, position), TOPIC_ID, settled.base()))
                .as("damage is not another topic")
                .isFalse();
    }

    @Property
    void anyTextIsReadWithoutFailing(@ForAll String text) {
        if (!text.isEmpty()) {
            assertThat(CommitMetadata.decode(text, TOPIC_ID, 0)).isEmpty();
        }
        assertThat(CommitMetadata.isOfOtherTopic(text, TOPIC_ID, 0)).isFalse();
    }

    @Property
    void anyBytesWithARightFrameAreReadWithoutFailing(@ForAll byte[] offsets, @ForAll @LongRange(max = 127) long base) {
        byte[] bytes = new byte[18 + offsets.length + 4];
        bytes[0] = 1;
        System.arraycopy(Base64.getUrlDecoder().decode(TOPIC_ID), 0, bytes, 1, 16);
        bytes[17] = (byte) base;
        System.arraycopy(offsets, 0, bytes, 18, offsets.length);
        String text = sealed(bytes);

        CommitMetadata.decode(text, TOPIC_ID, base)
                .ifPresent(runs ->
                        assertThat(CommitMetadata.encode(TOPIC_ID, base, runs)).contains(text));
    }

    /** Base64 of bytes whose last four are set to the checksum of the others. */
    private static String sealed(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        for (int i = 0; i < 4; i++) {
            bytes[bytes.length - 4 + i] = (byte) (crc.getValue() >>> (24 - 8 * i));
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Property
    void noBitMayFlip(@ForAll("settled") Settled settled, @ForAll @IntRange(max = 1_000_000) int position) {
        String metadata =
                CommitMetadata.encode(TOPIC_ID, settled.base(), settled.runs()).orElseThrow();

        assertThat(CommitMetadata.decode(flipped(metadata, position), TOPIC_ID, settled.base()))
                .isEmpty();
    }

    /** The text with one bit of its bytes changed. */
    private static String flipped(String metadata, int position) {
        byte[] bytes = Base64.getUrlDecoder().decode(metadata);
        bytes[position / 8 % bytes.length] ^= (byte) (1 << (position % 8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Property
    void noCharacterMayBeMissing(@ForAll("settled") Settled settled, @ForAll @IntRange(max = 1_000_000) int cut) {
        String metadata =
                CommitMetadata.encode(TOPIC_ID, settled.base(), settled.runs()).orElseThrow();
        String cutShort = metadata.substring(0, 1 + cut % (metadata.length() - 1));

        assertThat(CommitMetadata.decode(cutShort, TOPIC_ID, settled.base())).isEmpty();
    }

    @Property
    void holdsForItsTopicAndOffsetAlone(
            @ForAll("settled") Settled settled, @ForAll @LongRange(max = 1L << 61) long base) {
        String metadata =
                CommitMetadata.encode(TOPIC_ID, settled.base(), settled.runs()).orElseThrow();
        if (base == settled.base()) {
            return;
        }

        assertThat(CommitMetadata.decode(metadata, TOPIC_ID, base)).isEmpty();
        assertThat(CommitMetadata.decode(metadata, OTHER_TOPIC_ID, settled.base()))
                .isEmpty();
    }

    @Example
    void anotherSpellingOfTheSameBytesIsNotValid() {
        String metadata = CommitMetadata.encode(TOPIC_ID, 0, new OffsetRuns(List.of(new Run(2, 5))))
                .orElseThrow();

        assertThat(CommitMetadata.decode(metadata, TOPIC_ID, 0)).isPresent();
        assertThat(CommitMetadata.decode(metadata + "=", TOPIC_ID, 0)).isEmpty();
        assertThat(CommitMetadata.decode(" " + metadata, TOPIC_ID, 0)).isEmpty();
    }

    @Example
    void aLengthWrittenLongerThanNeededIsNotValid() {
        byte[] bytes = new byte[1 + 16 + 1 + 3 + 4];
        bytes[0] = 1;
        System.arraycopy(Base64.getUrlDecoder().decode(TOPIC_ID), 0, bytes, 1, 16);
        bytes[18] = (byte) 0x82; // a gap of 2, in two bytes
        bytes[20] = 1;

        assertThat(CommitMetadata.decode(sealed(bytes), TOPIC_ID, 0)).isEmpty();
    }

    @Example
    void aLengthThatOverflowsIsNotValid() {
        byte[] bytes = new byte[1 + 16 + 1 + 18 + 4];
        bytes[0] = 1;
        System.arraycopy(Base64.getUrlDecoder().decode(TOPIC_ID), 0, bytes, 1, 16);
        for (int varint = 0; varint < 2; varint++) {
            for (int i = 0; i < 8; i++) {
                bytes[18 + 9 * varint + i] = (byte) 0xFF;
            }
            bytes[18 + 9 * varint + 8] = 0x7F;
        }

        assertThat(CommitMetadata.decode(sealed(bytes), TOPIC_ID, 0)).isEmpty();
    }

    @Example
    void aRunThatIsNotAboveTheBaseIsAMistakeOfTheCaller() {
        OffsetRuns runs = new OffsetRuns(List.of(new Run(7, 9)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommitMetadata.encode(TOPIC_ID, 7, runs))
                .withMessageContaining("settled from 7 on");
        assertThatIllegalArgumentException().isThrownBy(() -> CommitMetadata.fits(8, runs));
    }
}
