package io.stepvault.worker.cli.lifecycle;

import io.stepvault.storage.BucketLifecycle;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.StoreOption;
import io.stepvault.worker.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a bucket does by itself. */
@Command(
        name = "show",
        description = "Shows the bucket's lifecycle rules, whoever made them, and whether it keeps versions.",
        footer = {
            "",
            "Examples:",
            "  stepvault lifecycle bucket show --store s3://bucket/prefix",
            "  stepvault lifecycle bucket show --store s3://bucket/prefix --json"
        })
final class BucketShowCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final Console console;

    BucketShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (BucketLifecycle bucket = store.open(console.environment(), BucketLifecycle::open)) {
            BucketText text = new BucketText(bucket.state());
            if (json) {
                console.json(text::json);
            } else {
                console.note("versioning  " + text.versioning());
                console.table(text.table(), "rules       " + text.rules());
            }
            return ExitCode.DONE;
        }
    }
}
