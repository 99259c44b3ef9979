package io.stepvault.bench.drain.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StoredOffsetsTest {
    private static final TopicPartition FIRST = new TopicPartition("captures", 0);
    private static final TopicPartition SECOND = new TopicPartition("captures", 1);

    private final StoredOffsets offsets = new StoredOffsets();

    @Test
    void commitsNothingBehindWhatIsNotStored() {
        StoredOffsets.Unit first = offsets.begin(FIRST, 10, 1);
        StoredOffsets.Unit second = offsets.begin(FIRST, 20, 1);

        second.stored();
        assertThat(offsets.takeStored()).isEmpty();

        first.stored();
        assertThat(offsets.takeStored()).isEqualTo(Map.of(FIRST, new OffsetAndMetadata(20)));
        assertThat(offsets.takeStored()).isEmpty();
    }

    @Test
    void aUnitIsStoredOnceAllOfItsPutsAre() {
        StoredOffsets.Unit unit = offsets.begin(FIRST, 1, 3);

        unit.stored();
        unit.stored();
        assertThat(offsets.takeStored()).isEmpty();

        unit.stored();
        assertThat(offsets.takeStored()).isEqualTo(Map.of(FIRST, new OffsetAndMetadata(1)));
    }

    @Test
    void partitionsDoNotWaitForEachOther() {
        offsets.begin(FIRST, 5, 1);
        offsets.begin(SECOND, 7, 1).stored();

        assertThat(offsets.takeStored()).isEqualTo(Map.of(SECOND, new OffsetAndMetadata(7)));
    }
}
