package io.stepvault.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.flow.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;

class CommitRecordsTest {
    private static final int CHUNK = 10;

    /** Letters of as many chunks as their offset says, of ten bytes with the key. */
    private final CommitRecords records = new CommitRecords(
            "completions",
            letter -> IntStream.range(0, (int) letter.offset())
                    .mapToObj(index ->
                            new ProducerRecord<>("dead-letters", key(letter.offset(), index), new byte[CHUNK - 2]))
                    .toList());

    private static byte[] key(long chunks, int index) {
        return (chunks + "" + index).getBytes(StandardCharsets.UTF_8);
    }

    @Property(tries = 200)
    void everyRecordIsSentOnceInOrderAndInBounds(
            @ForAll @Size(max = 10) List<@IntRange(min = 1, max = 9) Integer> letters,
            @ForAll @IntRange(min = 1, max = 100) int maxBytes) {
        List<DeadLetter> unit =
                letters.stream().map(chunks -> Units.deadLetter(chunks, 0)).toList();
        CommitRecords.Parts parts = records.of(
                new CommitUnit(List.of(Units.completion("s1")), unit, Map.of(Units.P0, new OffsetAndMetadata(10))));

        List<String> ahead = new ArrayList<>();
        parts.ahead(maxBytes).forEachRemaining(bundle -> {
            assertThat(bundle).isNotEmpty();
            assertThat(bundle.size() * CHUNK).isLessThanOrEqualTo(Math.max(maxBytes, CHUNK));
            bundle.forEach(sent -> ahead.add(text(sent)));
        });

        List<String> expected = new ArrayList<>();
        letters.forEach(chunks -> IntStream.range(0, chunks - 1).forEach(index -> expected.add(chunks + "" + index)));
        assertThat(ahead).isEqualTo(expected);
        List<String> last = new ArrayList<>();
        letters.forEach(chunks -> last.add(chunks + "" + (chunks - 1)));
        last.add("s1");
        assertThat(parts.withOffsets()).extracting(CommitRecordsTest::text).containsExactlyElementsOf(last);
    }

    private static String text(ProducerRecord<byte[], byte[]> sent) {
        return new String(sent.key(), StandardCharsets.UTF_8);
    }
}
