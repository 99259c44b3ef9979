package io.stepvault.embedded.front;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Says of each request whether it goes wrong, and how, and counts that. Safe for any thread. */
final class FaultDice {
    private final Random random;
    private final Map<S3Fault, Double> shares = new LinkedHashMap<>();
    private final Map<String, Long> hits = new LinkedHashMap<>();

    FaultDice(long seed) {
        random = new Random(seed);
    }

    /** From now on each of these befalls its share of the requests, in place of what was said before. */
    synchronized void load(Map<S3Fault, Double> faults) {
        double sum = 0;
        for (Map.Entry<S3Fault, Double> fault : faults.entrySet()) {
            if (!(fault.getValue() >= 0)) {
                throw new IllegalArgumentException(
                        "the share of " + fault.getKey().label() + " is " + fault.getValue() + "; expected 0 to 1");
            }
            sum += fault.getValue();
        }
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException("the shares of all faults make " + sum + "; expected at most 1");
        }
        shares.clear();
        shares.putAll(faults);
    }

    synchronized Optional<S3Fault> roll() {
        if (shares.isEmpty()) {
            return Optional.empty();
        }
        double point = random.nextDouble();
        for (Map.Entry<S3Fault, Double> fault : shares.entrySet()) {
            point -= fault.getValue();
            if (point < 0) {
                hits.merge(fault.getKey().label(), 1L, Long::sum);
                return Optional.of(fault.getKey());
            }
        }
        return Optional.empty();
    }

    synchronized Map<String, Long> hits() {
        return Map.copyOf(hits);
    }
}
