package io.stepvault.worker.cli.lifecycle;

import picocli.CommandLine.Option;

/** How a command removes things. */
final class RemovalOptions {
    @Option(names = "--dry-run", description = "Only list what would go, with its bytes.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(
            names = "--json",
            description = "Print the result as a JSON object; with --dry-run, one for each object before it.")
    private boolean json;

    boolean dryRun() {
        return dryRun;
    }

    boolean yes() {
        return yes;
    }

    boolean json() {
        return json;
    }
}
