package io.stepvault.worker.assemble;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether partitions wait for a schema registry that does not answer, and since when. Every change is logged once: as an
 * error when an operator must act, as a warning when the registry may recover by itself.
 *
 * <p>Written by the pipeline's thread, read by any.
 */
public final class RegistryHealth {
    private static final Logger log = LoggerFactory.getLogger(RegistryHealth.class);

    private final Clock clock;
    private volatile Optional<Trouble> trouble = Optional.empty();

    /** Nothing waits yet. */
    public RegistryHealth(Clock clock) {
        this.clock = clock;
    }

    /** What is waited for, or empty if nothing is. */
    public Optional<Trouble> trouble() {
        return trouble;
    }

    void works() {
        trouble.ifPresent(past -> log.atInfo()
                .addKeyValue("after", Duration.between(past.since(), clock.instant()))
                .log("Nothing waits for the schema registry any more"));
        trouble = Optional.empty();
    }

    void fails(String why, boolean operatorMustAct) {
        boolean isNew = trouble.filter(past -> past.operatorMustAct() == operatorMustAct)
                .isEmpty();
        Instant since = trouble.map(Trouble::since).orElseGet(clock::instant);
        trouble = Optional.of(new Trouble(why, since, operatorMustAct));
        if (isNew) {
            (operatorMustAct ? log.atError() : log.atWarn())
                    .addKeyValue("cause", why)
                    .log("Schema registry fails; partitions that need a schema of it wait, and it is tried again");
        }
    }

    /**
     * A registry that does not answer.
     *
     * @param why for an operator
     * @param since when it began
     * @param operatorMustAct whether waiting alone will not mend it
     */
    public record Trouble(String why, Instant since, boolean operatorMustAct) {}
}
