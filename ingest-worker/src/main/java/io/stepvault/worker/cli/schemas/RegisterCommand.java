package io.stepvault.worker.cli.schemas;

import static io.stepvault.worker.cli.RegistryOptions.found;

import io.stepvault.registry.RegisteredSchema;
import io.stepvault.registry.RegistryClient;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Registers the schema of step captures. */
@Command(
        name = "register",
        description = {
            "Registers the schema of step captures, unless it is there, and says its id.",
            "Ends with 1 if the registry refuses it, as one that is incompatible with an earlier version."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault schemas register --registry http://localhost:8081",
            "  stepvault schemas register --config worker.properties --subject step-captures-value"
        })
final class RegisterCommand implements Callable<Integer> {
    @Mixin
    private SubjectOption of = new SubjectOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final Console console;

    RegisterCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        RegistryClient registry = of.registry.open(console.environment());
        String subject = of.subject(console.environment());
        int id = found(registry.register(subject, ContractSchemas.stepCapture()));
        RegisteredSchema registered = found(registry.lookUp(subject, ContractSchemas.stepCapture()));
        if (json) {
            console.json(fields -> {
                fields.writeStringField("subject", subject);
                fields.writeNumberField("id", id);
                fields.writeNumberField("version", registered.version());
            });
        } else {
            console.line(
                    "The schema of step captures is version " + registered.version() + " of " + subject + ", id " + id);
        }
        return ExitCode.DONE;
    }
}
