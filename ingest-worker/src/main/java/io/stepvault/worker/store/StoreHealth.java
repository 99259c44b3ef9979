package io.stepvault.worker.store;

import io.stepvault.storage.object.StoreException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store works, as far as the worker knows, and since when. Every change is logged once: as an error when
 * an operator must act, as a warning when the store may recover by itself.
 *
 * <p>Written by the pipeline's thread, read by any.
 */
public final class StoreHealth {
    private static final Logger log = LoggerFactory.getLogger(StoreHealth.class);

    private final URI store;
    private final Clock clock;
    private volatile Optional<Trouble> trouble;
    private boolean announced;

    /** A store of which nothing is known yet. */
    public StoreHealth(URI store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.trouble = Optional.of(new Trouble("the store was not reached yet", clock.instant(), false));
    }

    /** What is wrong with the store, or empty if it works. */
    public Optional<Trouble> trouble() {
        return trouble;
    }

    void works() {
        trouble.ifPresent(past -> log.atInfo()
                .addKeyValue("store", store)
                .addKeyValue("after", Duration.between(past.since(), clock.instant()))
                .log("Store works"));
        trouble = Optional.empty();
        announced = false;
    }

    void fails(StoreException cause) {
        boolean before = trouble.map(Trouble::operatorMustAct).orElse(false);
        Trouble now = new Trouble(
                String.valueOf(cause.getMessage()),
                trouble.map(Trouble::since).orElseGet(clock::instant),
                StoreGate.operatorMustAct(cause));
        trouble = Optional.of(now);
        if (!announced || before != now.operatorMustAct()) {
            announced = true;
            (now.operatorMustAct() ? log.atError() : log.atWarn())
                    .addKeyValue("store", store)
                    .addKeyValue("cause", now.why())
                    .log("Store fails; captures are held and tried again");
        }
    }

    /**
     * A store that does not work.
     *
     * @param why what it answered, for an operator
     * @param since when it began
     * @param operatorMustAct whether waiting alone will not mend it
     */
    public record Trouble(String why, Instant since, boolean operatorMustAct) {}
}
