package io.stepvault.worker.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.flow.OffsetRuns.Run;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class CommitMetadataGoldenTest {
    @ParameterizedTest
    @CsvFileSource(
            resources = {
                "/golden/commit-metadata/v1/metadata.tsv",
                "/golden/commit-metadata/v1/nothing-settled.tsv",
            },
            delimiter = '\t',
            numLinesToSkip = 1)
    void readsAndWritesVersion1(String topicId, long base, @Nullable String settled, String metadata) {
        OffsetRuns runs = settled == null ? OffsetRuns.NONE : runs(settled);

        assertThat(CommitMetadata.decode(metadata, topicId, base)).contains(runs);
        assertThat(CommitMetadata.encode(topicId, base, runs)).contains(metadata);
    }

    private static OffsetRuns runs(String text) {
        return new OffsetRuns(Arrays.stream(text.split(",", -1))
                .map(CommitMetadataGoldenTest::run)
                .toList());
    }

    private static Run run(String text) {
        int hyphen = text.indexOf('-');
        return new Run(Long.parseLong(text.substring(0, hyphen)), Long.parseLong(text.substring(hyphen + 1)));
    }
}
