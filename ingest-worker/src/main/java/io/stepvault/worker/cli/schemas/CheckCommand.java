package io.stepvault.worker.cli.schemas;

import static io.stepvault.worker.cli.RegistryOptions.found;

import io.stepvault.registry.Compatibility;
import io.stepvault.registry.RegisteredSchema;
import io.stepvault.registry.RegistryAnswer;
import io.stepvault.registry.RegistryClient;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.JsonText;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks the schema of step captures against what is registered. */
@Command(
        name = "check",
        description = {
            "Checks whether the schema of step captures could be registered, and whether workers can read what the latest"
                    + " version of its subject writes. Changes nothing.",
            "Ends with 1 if either is not so."
        },
        footer = {"", "Example:", "  stepvault schemas check --registry http://localhost:8081"})
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private SubjectOption of = new SubjectOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final Console console;

    CheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        RegistryClient registry = of.registry.open(console.environment());
        String subject = of.subject(console.environment());
        RegistryAnswer<RegisteredSchema> answer = registry.latest(subject);
        if (answer instanceof RegistryAnswer.Missing) {
            tell(subject, Optional.empty(), new Compatibility(true, List.of()), Optional.empty());
            return ExitCode.DONE;
        }
        RegisteredSchema latest = found(answer);
        Compatibility compatibility = found(registry.check(subject, ContractSchemas.stepCapture()));
        Optional<String> unreadable = latest.whyNoCaptures();
        tell(subject, Optional.of(latest), compatibility, unreadable);
        return compatibility.isCompatible() && unreadable.isEmpty() ? ExitCode.DONE : ExitCode.PROBLEMS;
    }

    private void tell(
            String subject,
            Optional<RegisteredSchema> latest,
            Compatibility compatibility,
            Optional<String> unreadable) {
        if (json) {
            console.json(fields -> {
                fields.writeStringField("subject", subject);
                if (latest.isPresent()) {
                    fields.writeNumberField("latest_version", latest.get().version());
                    fields.writeNumberField("latest_id", latest.get().id());
                }
                fields.writeBooleanField("compatible", compatibility.isCompatible());
                fields.writeArrayFieldStart("messages");
                for (String message : compatibility.messages()) {
                    fields.writeString(message);
                }
                fields.writeEndArray();
                JsonText.optional(fields, "unreadable", unreadable);
            });
            return;
        }
        if (latest.isEmpty()) {
            console.line("Nothing is registered under " + subject + "; the schema of step captures may be");
            return;
        }
        String version = "version " + latest.get().version() + " of " + subject + ", id "
                + latest.get().id();
        console.line(
                compatibility.isCompatible()
                        ? "The schema of step captures may follow " + version
                        : "The schema of step captures is incompatible with " + version);
        compatibility.messages().forEach(message -> console.line("  " + message));
        console.line(unreadable
                .map(why -> "Workers cannot read what it writes: it " + why)
                .orElse("Workers can read what it writes"));
    }
}
