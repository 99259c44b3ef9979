package io.stepvault.bench.run;

import io.stepvault.bench.drain.StepvaultWorker;
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
        return List.of(new Contender("stepvault", new StepvaultWorker("Stepvault", workerFlags, Map.of()), heap, true));
    }
}
