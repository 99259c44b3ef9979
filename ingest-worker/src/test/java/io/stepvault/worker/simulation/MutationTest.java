package io.stepvault.worker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the simulation cannot see, it does not prove. */
@ExtendWith(NoLogging.class)
class MutationTest {
    @ParameterizedTest
    @EnumSource
    void everyMistakeIsSeen(Mutation mutation) {
        Optional<String> seen = LongStream.range(0, SimulationTest.SCHEDULES)
                .parallel()
                .mapToObj(seed -> Simulation.of(seed).play(mutation.wiring))
                .flatMap(Optional::stream)
                .map(failure -> String.valueOf(failure.cause().getMessage()))
                .filter(message -> isOf(message, mutation))
                .findAny();

        assertThat(seen).as("a violation of %s", mutation.breaks).isPresent();
    }

    /** Whether it is seen for what it is: by the number of an invariant that it breaks. */
    private static boolean isOf(String message, Mutation mutation) {
        return mutation.breaks
                .chars()
                .anyMatch(number -> message.startsWith((char) number + ":")
                        || message.startsWith((char) number + ",")
                        || message.matches("\\d+, " + (char) number + ":.*"));
    }
}
