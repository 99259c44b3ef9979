package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Revision;
import io.stepvault.worker.audit.AuditReport;
import io.stepvault.worker.audit.CapturePlace;
import io.stepvault.worker.audit.Finding;
import io.stepvault.worker.audit.Outcome;
import io.stepvault.worker.audit.RevisionName;
import io.stepvault.worker.audit.StoreFinding;
import io.stepvault.worker.cli.terminal.JsonText;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AuditSummaryTest {
    private static final Finding LOST = new Finding(
            "missing",
            true,
            Optional.of(new RevisionName("a/b", "s", new Revision(Instant.EPOCH, "0123456789abcdef"))),
            Optional.of(new CapturePlace(3, 16, 17)),
            "");
    private static final Finding BAD = new Finding(
            "not-dead-lettered", true, Optional.empty(), Optional.of(new CapturePlace(0, 5, 5)), "null-value");
    private static final AuditReport REPORT = new AuditReport(
            new TreeMap<>(Map.of(
                    0, new AuditReport.OfPartition(Map.of(Outcome.STORED, 7L, Outcome.NOT_DEAD_LETTERED, 1L), 0),
                    3, new AuditReport.OfPartition(Map.of(Outcome.MISSING, 2L), 4))),
            Map.of(StoreFinding.NOT_IN_RANGE, 12L, StoreFinding.UNDER_WAY, 1L),
            20,
            new AuditReport.Looked(3, 11, 0),
            4_096);

    @Test
    void showsWhatThereIsByPartition() {
        assertThat(new AuditSummary(REPORT, List.of()).table().lines())
                .containsExactly(
                        "PARTITION  STORED  MISSING  NOT-DEAD-LETTERED  REPEATS",
                        "0               7        0                  1        0",
                        "3               0        2                  0        4",
                        "all             7        2                  1        4");
    }

    @Test
    void namesTheFirstProblemsAndCountsTheRest() {
        AuditSummary summary = new AuditSummary(REPORT, List.of(LOST, BAD));

        assertThat(summary.lines())
                .containsExactly(
                        "missing a%2Fb/steps/s/19700101T000000.000000Z-0123456789abcdef (3@17)",
                        "not-dead-lettered 0@5: null-value",
                        "and 1 more; --list FILE names all",
                        "store: 20 revisions listed, 12 not in range, 1 perhaps under way",
                        "artifacts compared: 11 by checksum, 3 by size alone",
                        "3 problems");
        assertThat(summary.exitCode()).isEqualTo(ExitCode.PROBLEMS);
    }

    @Test
    void writesOneObjectForPrograms() {
        assertThat(JsonText.object(new AuditSummary(REPORT, List.of(LOST))::json))
                .contains(
                        "\"clean\":false",
                        "\"problems\":3",
                        "\"not_dead_lettered\":1",
                        "\"partition\":3,\"stored\":0,\"repaired\":0,\"missing\":2",
                        "\"store\":{\"revisions_listed\":20,\"not_in_range\":12",
                        "\"first_problems\":[{\"finding\":\"missing\",\"problem\":true,\"session_id\":\"a/b\"",
                        "\"partition\":3,\"first_offset\":16,\"offset\":17,\"detail\":\"\"}]");
    }

    @Test
    void aCleanReportSaysSo() {
        AuditReport clean = new AuditReport(new TreeMap<>(), Map.of(), 0, new AuditReport.Looked(0, 0, 0), 0);

        AuditSummary summary = new AuditSummary(clean, List.of());

        assertThat(summary.table().lines()).isEmpty();
        assertThat(summary.lines())
                .containsExactly("store: 0 revisions listed", "artifacts compared: none", "all accounted for");
        assertThat(summary.exitCode()).isEqualTo(ExitCode.DONE);
    }
}
