package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Rejection.Reason;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.Chunking;
import io.stepvault.worker.assemble.ChunkRecords;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Sets that are never complete, and what waits behind them until there is no room for more. */
class ChunkPressureTest {
    private static final TopicPartition P0 = new TopicPartition("step-captures", 0);
    private static final TopicPartition P1 = new TopicPartition("step-captures", 1);
    private static final long NOW = Captures.CAPTURED_AT.toEpochMilli();

    /** More than fit into the metadata of a commit, each between two records that are not settled. */
    private static final int POISON = 1_800;

    private final Map<TopicPartition, List<SourceRecord>> logs = new HashMap<>(Map.of(P0, List.of(), P1, List.of()));
    private final Map<TopicPartition, Integer> positions = new HashMap<>(Map.of(P0, 0, P1, 0));

    @Test
    void setThatHoldsUpACommitIsGivenUpThoughMemoryIsFullOfWhatWaits() {
        PipelineHarness worker = new PipelineHarness(400_000);
        logs.put(P0, betweenPoison(new UUID(1, 1), 8_000));
        worker.assign(P0);

        play(worker);

        assertThat(worker.committer.committed()).containsEntry(P0, 2L * POISON);
        assertThat(worker.committer.deadLetters)
                .extracting(DeadLetter::offset)
                .doesNotHaveDuplicates()
                .hasSize(2 * POISON);
        assertThat(worker.committer.deadLetters)
                .extracting(letter -> letter.rejection().reason())
                .contains(Reason.INCOMPLETE_CHUNKS);
    }

    @Test
    void droppedSetThatHoldsUpACommitIsReadAgainThoughItsPartitionIsPaused() {
        PipelineHarness worker = new PipelineHarness(40_000);
        List<SourceRecord> neverComplete = new ArrayList<>();
        for (int set = 1; set <= 3; set++) { // they fill what open sets may take up, and are older
            neverComplete.addAll(ChunkRecords.chunks(new UUID(2, set), new byte[1_990_000], 995_000, NOW)
                    .subList(0, 1));
        }
        neverComplete.addAll(ChunkRecords.chunks(new UUID(2, 4), new byte[1_990_000], 1_000_000, NOW)
                .subList(0, 1));
        logs.put(P0, neverComplete);
        worker.assign(P0, P1);
        for (int reads = 0; reads < neverComplete.size(); reads++) {
            read(worker, P0);
        }
        logs.put(P1, betweenPoison(new UUID(1, 1), 30_000));

        play(worker);

        assertThat(worker.counted("stepvault.chunks.sets.dropped")).isPositive();
        assertThat(worker.committer.committed()).containsEntry(P1, 2L * POISON);
        assertThat(worker.committer.deadLetters)
                .extracting(letter -> letter.source() + "@" + letter.offset())
                .doesNotHaveDuplicates();
    }

    /** A set of which the last chunk is missing, and a record that is no event after each chunk. */
    private static List<SourceRecord> betweenPoison(UUID id, int poisonBytes) {
        Chunking chunking = new Chunking(id, new byte[50 * (POISON + 1)], 50);
        List<SourceRecord> records = new ArrayList<>();
        for (int index = 0; index < POISON; index++) {
            ChunkHeader header = chunking.header(index);
            records.add(ChunkRecords.chunk(header, chunking.bytes(index), NOW));
            records.add(new SourceRecord(ChunkRecords.key(), new byte[poisonBytes], List.of(), NOW));
        }
        return records;
    }

    private void play(PipelineHarness worker) {
        for (int round = 0; round < 3 * POISON && !worker.committer.committed().containsValue(2L * POISON); round++) {
            for (int reads = 0; reads < 5; reads++) {
                read(worker, P0);
                read(worker, P1);
            }
            worker.pass(Duration.ofMillis(500));
            if (worker.committer.isPending()) {
                worker.committer.succeed();
            }
        }
    }

    private void read(PipelineHarness worker, TopicPartition partition) {
        worker.pipeline.takeRewinds().forEach((back, offset) -> positions.put(back, (int) (long) offset));
        List<SourceRecord> log = logs.getOrDefault(partition, List.of());
        int position = positions.getOrDefault(partition, 0);
        if (position < log.size() && worker.mayRead(partition)) {
            positions.put(partition, position + 1);
            SourceRecord sent = log.get(position);
            ConsumerRecord<byte[], byte[]> record = Captures.record(partition, position, sent.key(), sent.value());
            sent.headers().forEach(record.headers()::add);
            worker.pipeline.record(record);
        }
    }
}
