package io.stepvault.bench.run;

import io.stepvault.bench.drain.CamelRoute;
import io.stepvault.bench.drain.ConnectSink;
import io.stepvault.bench.drain.ConsumeOnly;
import io.stepvault.bench.drain.LeanLoop;
import io.stepvault.bench.drain.PeerJars;
import io.stepvault.bench.drain.StepvaultWorker;
import io.stepvault.bench.drain.lean.Puts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Who can take part. */
public final class Contenders {
    private static final String PEER_HEAP = "512m";
    private static final int CONSUMERS = 8;

    private Contenders() {}

    /**
     * Those that need nothing but this module.
     *
     * @param heap of each, as {@code 256m}
     * @param workerFlags of the JVM of Stepvault's worker, as the launcher sets them
     */
    public static List<Contender> all(String heap, List<String> workerFlags) {
        return List.of(
                new Contender("consume-only", new ConsumeOnly(), heap, false),
                new Contender("lean-batch", new LeanLoop(Puts.PER_BATCH), heap, true),
                new Contender("lean-capture", new LeanLoop(Puts.PER_CAPTURE), heap, true),
                new Contender("lean-artifact", new LeanLoop(Puts.PER_ARTIFACT), heap, true),
                stepvault(heap, workerFlags),
                new Contender(
                        "stepvault-sdk",
                        new StepvaultWorker(
                                "Stepvault, writing by the AWS SDK", workerFlags, Map.of("store.s3.write-path", "sdk")),
                        heap,
                        true));
    }

    /** Apache Camel, with as many consumers as the topic has partitions; its class path and its S3 client want more heap. */
    public static Contender camel(Path bench) {
        return new Contender("camel", new CamelRoute(PeerJars.of(bench, "camel"), CONSUMERS), PEER_HEAP, true);
    }

    /** A sink that the user has, on Kafka Connect's runtime. */
    public static Contender connect(Path bench, Path plugins, Path connector) {
        String file = String.valueOf(connector.getFileName()).replaceFirst("\\.properties$", "");
        return new Contender(
                "connect-" + file, new ConnectSink(PeerJars.of(bench, "connect"), plugins, connector), PEER_HEAP, true);
    }

    /** Stepvault's worker with its defaults. */
    public static Contender stepvault(String heap, List<String> workerFlags) {
        return new Contender("stepvault", new StepvaultWorker("Stepvault", workerFlags, Map.of()), heap, true);
    }
}
