package io.stepvault.worker.cli.schemas;

import static io.stepvault.worker.cli.RegistryOptions.found;

import io.stepvault.registry.RegisteredSchema;
import io.stepvault.registry.RegistryAnswer;
import io.stepvault.registry.RegistryClient;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.RegistryOptions;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists what is registered. */
@Command(
        name = "list",
        description =
                "Lists the subjects of the registry with their versions, the id of the latest, and whether workers can"
                        + " read what that writes.",
        footer = {"", "Example:", "  stepvault schemas list --config worker.properties"})
final class ListCommand implements Callable<Integer> {
    @Mixin
    private RegistryOptions registry = new RegistryOptions();

    @Option(names = "--json", description = "Print one JSON object per subject.")
    private boolean json;

    private final Console console;

    ListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        RegistryClient client = registry.open(console.environment());
        Table table = new Table()
                .column("SUBJECT")
                .numbers("VERSIONS")
                .numbers("LATEST")
                .numbers("ID")
                .column("TYPE")
                .column("CAPTURES");
        List<String> subjects = found(client.subjects());
        for (String subject : subjects) {
            RegistryAnswer<List<Integer>> versions = client.versions(subject);
            RegistryAnswer<RegisteredSchema> latest = client.latest(subject);
            if (versions instanceof RegistryAnswer.Missing || latest instanceof RegistryAnswer.Missing) {
                continue; // removed since
            }
            tell(found(latest), found(versions), table);
        }
        if (!json) {
            if (subjects.isEmpty()) {
                console.note("nothing is registered");
            }
            table.lines().forEach(console::line);
        }
        return ExitCode.DONE;
    }

    private void tell(RegisteredSchema latest, List<Integer> versions, Table table) {
        boolean isReadable = latest.whyNoCaptures().isEmpty();
        if (json) {
            console.json(fields -> {
                fields.writeStringField("subject", latest.subject());
                fields.writeArrayFieldStart("versions");
                for (int version : versions) {
                    fields.writeNumber(version);
                }
                fields.writeEndArray();
                fields.writeNumberField("latest_version", latest.version());
                fields.writeNumberField("latest_id", latest.id());
                fields.writeStringField("type", latest.type());
                fields.writeBooleanField("captures", isReadable);
            });
        } else {
            table.row(
                    latest.subject(),
                    Integer.toString(versions.size()),
                    Integer.toString(latest.version()),
                    Integer.toString(latest.id()),
                    latest.type(),
                    isReadable ? "yes" : "no");
        }
    }
}
