package io.stepvault.worker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * The invariants under random schedules. {@code -Dsim.schedules=N} plays so many, {@code -Dsim.seed=N} one, and says
 * what happened in it.
 */
class SimulationTest {
    private static final Logger LOGGING = (Logger) LoggerFactory.getLogger("io.stepvault");
    private static @Nullable Level before;

    @BeforeAll
    static void logNothing() {
        before = LOGGING.getLevel();
        LOGGING.setLevel(Level.OFF); // what goes wrong is meant to
    }

    @AfterAll
    static void logAgain() {
        LOGGING.setLevel(before);
    }

    @Test
    void theInvariantsHoldWhateverHappens() {
        Long seed = Long.getLong("sim.seed");
        int schedules = Integer.getInteger("sim.schedules", 1_000);
        LongStream seeds = seed == null ? LongStream.range(0, schedules) : LongStream.of(seed);

        Optional<Simulation.Failure> failure = seeds.parallel()
                .mapToObj(each -> Simulation.of(each).play(Wiring.SOUND))
                .flatMap(Optional::stream)
                .findAny();

        failure.flatMap(found -> found.simulation().playAndShrink(Wiring.SOUND))
                .ifPresent(found -> fail(found.message()));
        assertThat(failure).isEmpty();
    }
}
