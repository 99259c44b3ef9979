package io.stepvault.worker.cli.lifecycle;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.storage.BucketLifecycle;
import io.stepvault.storage.BucketLifecycle.Rule;
import io.stepvault.storage.object.BucketSettings.RuleSummary;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Table;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** What a bucket does by itself, for people and for programs. Immutable; safe for any thread. */
final class BucketText {
    private final BucketLifecycle.State state;

    BucketText(BucketLifecycle.State state) {
        this.state = state;
    }

    String versioning() {
        return switch (state.versioning()) {
            case ON -> "on: what is deleted can be restored";
            case OFF -> "off: what is deleted is gone";
            case SUSPENDED -> "suspended: what is deleted now is gone, older versions stay";
            case UNSUPPORTED -> "this store keeps no versions";
        };
    }

    String rules() {
        if (state.rules().isEmpty()) {
            return "this store has no lifecycle rules";
        }
        List<Rule> rules = state.rules().get();
        return Amounts.count(rules.size(), "rule") + ", "
                + rules.stream().filter(Rule::isOurs).count() + " of them of this store";
    }

    Table table() {
        Table table = new Table()
                .column("OURS")
                .column("STATUS")
                .column("PREFIX")
                .column("ACTION")
                .column("ID");
        for (Rule each : state.rules().orElse(List.of())) {
            RuleSummary rule = each.rule();
            table.row(
                    each.isOurs() ? "yes" : "no",
                    rule.enabled() ? "enabled" : "disabled",
                    rule.prefix().isEmpty() ? "(all)" : rule.prefix(),
                    rule.action(),
                    rule.id());
        }
        return table;
    }

    void json(JsonGenerator fields) throws IOException {
        fields.writeStringField("versioning", state.versioning().name().toLowerCase(Locale.ROOT));
        if (state.rules().isEmpty()) {
            fields.writeNullField("rules");
            return;
        }
        fields.writeArrayFieldStart("rules");
        for (Rule each : state.rules().get()) {
            fields.writeStartObject();
            fields.writeBooleanField("ours", each.isOurs());
            fields.writeBooleanField("enabled", each.rule().enabled());
            fields.writeStringField("prefix", each.rule().prefix());
            fields.writeStringField("action", each.rule().action());
            fields.writeStringField("id", each.rule().id());
            fields.writeEndObject();
        }
        fields.writeEndArray();
    }
}
