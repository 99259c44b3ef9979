package io.stepvault.worker.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class BadRecordsTest {
    private static final TopicPartition PARTITION = new TopicPartition("captures", 3);

    private final BadRecords records = new BadRecords();

    private static DeadLetter letter(Reason reason, List<Header> headers) {
        return new DeadLetter(
                PARTITION,
                "AAAAAAAAAAAAAAAAAAAAKg",
                7,
                new Rejection(reason, "why"),
                new SourceRecord(new byte[0], new byte[1], headers, 0));
    }

    private static DeadLetter chunk(UUID set, int index) {
        List<Header> headers = new ArrayList<>();
        ChunkFormat.CAPTURES
                .write(new ChunkHeader(set, index, 4, 100, 0))
                .forEach((name, value) -> headers.add(new RecordHeader(name, value)));
        return letter(Reason.INCOMPLETE_CHUNKS, headers);
    }

    @Test
    void theRestOfACaptureThatBeganBeforeTheRangeCountsOnce() {
        UUID set = UUID.randomUUID();

        assertThat(records.outcome(chunk(set, 2))).contains(Outcome.CUT);
        assertThat(records.outcome(chunk(set, 3))).isEmpty();
    }

    @Test
    void theChunksOfASetThatWasGivenUpAreBad() {
        UUID set = UUID.randomUUID();

        assertThat(records.outcome(chunk(set, 0))).contains(Outcome.BAD);
        assertThat(records.outcome(chunk(set, 1))).contains(Outcome.BAD);
    }

    @Test
    void whatTheStoreRefusesHasFailed() {
        assertThat(records.outcome(letter(Reason.REFUSED_BY_STORE, List.of()))).contains(Outcome.FAILED);
        assertThat(records.outcome(letter(Reason.STORE_GAVE_UP, List.of()))).contains(Outcome.FAILED);
        assertThat(records.outcome(letter(Reason.UNDECODABLE, List.of()))).contains(Outcome.BAD);
        assertThat(records.outcome(letter(Reason.INCOMPLETE_CHUNKS, List.of()))).contains(Outcome.BAD);
    }
}
