package io.stepvault.worker.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.replay.Outcome;
import io.stepvault.worker.replay.ReplayTally;
import io.stepvault.worker.replay.ReplayTally.Partition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What was read of the topic for an audit, in words and numbers. */
record AuditedRange(List<Partition> partitions) {
    static AuditedRange of(ReplayTally tally) {
        return new AuditedRange(tally.partitions());
    }

    private long count(Outcome outcome) {
        return partitions.stream().mapToLong(each -> each.count(outcome)).sum();
    }

    /** Whether retention has removed some of it, as far as is known. */
    boolean lacksRecords() {
        return partitions.stream().anyMatch(each -> each.removed() > 0);
    }

    /** What there is to say of it, a line each. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        for (Outcome outcome : List.of(Outcome.OTHER_SESSION, Outcome.CUT)) {
            if (count(outcome) > 0) {
                remarks.add("left out: " + count(outcome) + " " + outcome.description());
            }
        }
        for (Partition each : partitions) {
            if (each.removed() > 0) {
                remarks.add(each.partition() + ": retention has removed up to "
                        + Amounts.count(each.removed(), "record") + " of the range, which nobody can audit");
            } else if (each.mayLack()) {
                remarks.add(each.partition() + ": begins with offset "
                        + each.bounds().from()
                        + "; what came before it, if it was in the range, has been removed by retention");
            }
            if (each.unfinished() > 0) {
                remarks.add(each.partition() + ": " + Amounts.count(each.unfinished(), "chunk")
                        + " of captures whose rest is not on the topic yet");
            }
        }
        return remarks;
    }

    /** An array, a partition each. */
    void json(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("range");
        for (Partition each : partitions) {
            json.writeStartObject();
            json.writeNumberField("partition", each.partition().partition());
            json.writeNumberField("from", each.bounds().from());
            json.writeNumberField("to", each.bounds().to());
            json.writeNumberField("records", each.records());
            json.writeNumberField("removed", each.removed());
            json.writeBooleanField("may_lack", each.mayLack());
            json.writeNumberField("unfinished", each.unfinished());
            json.writeNumberField("cut", each.count(Outcome.CUT));
            json.writeNumberField("of_other_sessions", each.count(Outcome.OTHER_SESSION));
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
