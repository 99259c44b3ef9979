package io.stepvault.worker.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.worker.audit.CapturePlace;
import io.stepvault.worker.audit.Finding;
import io.stepvault.worker.audit.RevisionName;
import java.io.IOException;

/** A finding of an audit, for people and for programs. */
final class FindingText {
    private final Finding finding;

    FindingText(Finding finding) {
        this.finding = finding;
    }

    /** {@code missing s/steps/login/20261120T080012.345678Z-0123456789abcdef (3@17): why}. */
    String line() {
        StringBuilder line = new StringBuilder(finding.code());
        finding.name().ifPresent(name -> line.append(' ').append(name));
        finding.place().ifPresent(place -> line.append(finding.name().isPresent() ? " (" + place + ")" : " " + place));
        if (!finding.detail().isEmpty()) {
            line.append(": ").append(finding.detail());
        }
        return line.toString();
    }

    void json(JsonGenerator json) throws IOException {
        json.writeStringField("finding", finding.code());
        json.writeBooleanField("problem", finding.problem());
        if (finding.name().isPresent()) {
            RevisionName name = finding.name().get();
            json.writeStringField("session_id", name.sessionId());
            json.writeStringField("step_id", name.stepId());
            json.writeStringField("revision", name.revision().toString());
        }
        if (finding.place().isPresent()) {
            CapturePlace place = finding.place().get();
            json.writeNumberField("partition", place.partition());
            json.writeNumberField("first_offset", place.firstOffset());
            json.writeNumberField("offset", place.offset());
        }
        json.writeStringField("detail", finding.detail());
    }
}
