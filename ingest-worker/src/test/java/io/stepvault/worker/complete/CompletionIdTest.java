package io.stepvault.worker.complete;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CompletionIdTest {
    private static String id(String topicId, int partition, long[] offsets, String replay, String session) {
        return CompletionId.of(topicId, partition, LongStream.of(offsets), replay, session);
    }

    @Test
    void isWhatItsDefinitionSays() {
        // printf 'topic-id\n3\n7,9\n\ns1' | sha256sum | cut -c1-32
        assertThat(id("topic-id", 3, new long[] {7, 9}, "", "s1")).isEqualTo("3f94616f05c5ed8c7f2554249c7157e9");
    }

    @Test
    void differsInEveryPart() {
        assertThat(new String[] {
                    id("topic-id", 3, new long[] {7, 9}, "", "s1"),
                    id("other-id", 3, new long[] {7, 9}, "", "s1"),
                    id("topic-id", 4, new long[] {7, 9}, "", "s1"),
                    id("topic-id", 3, new long[] {7, 8, 9}, "", "s1"),
                    id("topic-id", 3, new long[] {7, 9}, "replay", "s1"),
                    id("topic-id", 3, new long[] {7, 9}, "", "s2"),
                })
                .doesNotHaveDuplicates();
    }
}
