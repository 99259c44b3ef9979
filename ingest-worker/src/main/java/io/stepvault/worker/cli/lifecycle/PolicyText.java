package io.stepvault.worker.cli.lifecycle;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.storage.LabelHold;
import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.worker.cli.terminal.Amounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A policy for people and for programs. Immutable; safe for any thread. */
final class PolicyText {
    private final LifecyclePolicy policy;

    PolicyText(LifecyclePolicy policy) {
        this.policy = policy;
    }

    String line() {
        List<String> parts = new ArrayList<>();
        if (policy.expireAfterDays().isPresent()) {
            parts.add("steps expire after "
                    + Amounts.count(policy.expireAfterDays().getAsInt(), "day"));
        }
        if (policy.keepRevisions().isPresent()) {
            parts.add("of a step, the last "
                    + Amounts.count(policy.keepRevisions().getAsInt(), "revision") + " are kept");
        }
        policy.holds().forEach(hold -> parts.add("label " + hold + " holds"));
        return parts.isEmpty() ? "keeps all for ever" : String.join("; ", parts);
    }

    void json(JsonGenerator fields) throws IOException {
        if (policy.expireAfterDays().isPresent()) {
            fields.writeNumberField(
                    "expire_after_days", policy.expireAfterDays().getAsInt());
        }
        if (policy.keepRevisions().isPresent()) {
            fields.writeNumberField("keep_revisions", policy.keepRevisions().getAsInt());
        }
        fields.writeArrayFieldStart("holds");
        for (LabelHold hold : policy.holds()) {
            fields.writeStartObject();
            fields.writeStringField("label", hold.label());
            if (hold.value().isPresent()) {
                fields.writeStringField("value", hold.value().get());
            }
            fields.writeEndObject();
        }
        fields.writeEndArray();
    }
}
