package io.stepvault.worker.cli;

import io.stepvault.worker.TopicAudit;
import io.stepvault.worker.audit.AuditDepth;
import io.stepvault.worker.config.ByteSize;
import io.stepvault.worker.config.DurationText;
import io.stepvault.worker.spool.file.SpoolDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** How an audit looks, and what it may take. */
final class AuditOptions {
    private static final int MAX_THREADS = 256;

    @Option(names = "--quick", description = "Compare what the store lists, and read nothing.")
    private boolean quick;

    @Option(names = "--deep", description = "Read every byte of every artifact and compare its SHA-256.")
    private boolean deep;

    @Option(
            names = "--range-only",
            description = "Look only at the sessions of the range, and not for what the store holds besides.")
    private boolean rangeOnly;

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description = "Also look for what is missing in the disk queue of a worker (its spool.dir), which may be"
                    + " running. May be given several times.")
    private List<Path> spools = List.of();

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            description = "Artifacts without step.json count as orphans if the last was written longer ago than this;"
                    + " else they may be on their way (default: ${DEFAULT-VALUE}).")
    private String grace = "1h";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many requests are made of the store at once (default: ${DEFAULT-VALUE}).")
    private int threads = 16;

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "For what does not fit into memory (default: ${DEFAULT-VALUE}).")
    private Path workDirectory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--max-work-bytes",
            paramLabel = "SIZE",
            description = "Take up no more there: 10GiB (default: all but the last 256 MiB of the disk).")
    private Optional<String> maxWorkBytes = Optional.empty();

    AuditDepth depth() {
        if (quick && deep) {
            throw CommandFailure.usage("--quick and --deep exclude each other");
        }
        return deep ? AuditDepth.CONTENT : quick ? AuditDepth.LISTING : AuditDepth.CHECKSUMS;
    }

    boolean wholeStore() {
        return !rangeOnly;
    }

    Duration grace() {
        return parse("--grace", grace, DurationText::parse);
    }

    TopicAudit.Means means() {
        if (threads < 1 || threads > MAX_THREADS) {
            throw CommandFailure.usage("--threads: '" + threads + "' is not allowed; expected 1 to " + MAX_THREADS);
        }
        if (!Files.isDirectory(workDirectory)) {
            throw CommandFailure.usage("--work-dir: there is no directory " + workDirectory);
        }
        for (Path spool : spools) {
            if (!Files.isDirectory(SpoolDirectory.queueOf(spool))) {
                throw CommandFailure.couldNotRun(
                        "--spool: " + spool + " is not a worker's spool directory; name the one that spool.dir names",
                        null);
            }
        }
        long bytes = maxWorkBytes
                .map(text -> parse("--max-work-bytes", text, ByteSize::parse).bytes())
                .orElse(Long.MAX_VALUE);
        return new TopicAudit.Means(workDirectory, bytes, threads, spools);
    }

    private static <T> T parse(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": '" + text + "' " + e.getMessage());
        }
    }
}
