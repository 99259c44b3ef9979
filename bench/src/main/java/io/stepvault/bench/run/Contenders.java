package io.stepvault.bench.run;

import io.stepvault.bench.drain.ConsumeOnly;
import io.stepvault.bench.drain.LeanLoop;
import io.stepvault.bench.drain.StepvaultWorker;
import io.stepvault.bench.drain.lean.Puts;
import java.util.List;
import java.util.Map;

/** Who takes part unless told otherwise. */
public final class Contenders {
    private Contenders() {}

    /**
     * All of them.
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
                new Contender("stepvault", new StepvaultWorker("Stepvault", workerFlags, Map.of()), heap, true),
                new Contender(
                        "stepvault-sdk",
                        new StepvaultWorker(
                                "Stepvault, writing by the AWS SDK", workerFlags, Map.of("store.s3.write-path", "sdk")),
                        heap,
                        true));
    }
}
