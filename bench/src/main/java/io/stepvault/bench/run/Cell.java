package io.stepvault.bench.run;

import java.time.Duration;

/**
 * What contenders are compared under.
 *
 * @param data the name of the data set
 * @param latency of each of the store's answers
 * @param isEncrypted whether the store is reached by TLS
 */
public record Cell(String data, Duration latency, boolean isEncrypted) {
    /** How tables call it. */
    public String title() {
        return data + " captures, store at " + latency.toMillis() + " ms, " + (isEncrypted ? "TLS" : "HTTP");
    }
}
