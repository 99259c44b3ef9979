package io.stepvault.worker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The invariants under random schedules. {@code -Dsim.schedules=N} plays so many, {@code -Dsim.seed=N} one; what fails is
 * made smaller, and told with its seed and all that happened.
 */
@ExtendWith(NoLogging.class)
class SimulationTest {
    /** How many a normal build plays. */
    static final int SCHEDULES = 20_000;

    @Test
    void theInvariantsHoldWhateverHappens() {
        Long seed = Long.getLong("sim.seed");
        int schedules = Integer.getInteger("sim.schedules", SCHEDULES);
        LongStream seeds = seed == null ? LongStream.range(0, schedules) : LongStream.of(seed);

        Optional<Simulation.Failure> failure = seeds.parallel()
                .mapToObj(each -> Simulation.of(each).play(Wiring.SOUND))
                .flatMap(Optional::stream)
                .findAny();

        failure.flatMap(found -> found.simulation().playAndShrink(Wiring.SOUND))
                .ifPresent(found -> fail(found.message()));
        assertThat(failure).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 17, 4711})
    void aSeedAlwaysBringsTheSame(long seed) {
        List<String> traces = LongStream.of(seed, seed)
                .mapToObj(each -> Simulation.of(each).trace())
                .toList();

        assertThat(traces.get(0)).isNotEmpty().isEqualTo(traces.get(1));
    }
}
