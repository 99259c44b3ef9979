package io.stepvault.devkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class TroubleDrawTest {
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    private static <T extends Trouble> List<T> first(TroubleDraw<T> draw, int count) {
        return Stream.generate(draw::next).limit(count).toList();
    }

    @Property(tries = 100)
    void theSameSeedDrawsTheSame(@ForAll long seed) {
        assertThat(first(TroubleDraw.ofWorkers(seed, 3), 50)).isEqualTo(first(TroubleDraw.ofWorkers(seed, 3), 50));
        assertThat(first(TroubleDraw.ofStore(seed), 50)).isEqualTo(first(TroubleDraw.ofStore(seed), 50));
        assertThat(first(TroubleDraw.ofBrokers(seed, 3), 50)).isEqualTo(first(TroubleDraw.ofBrokers(seed, 3), 50));
    }

    @Property(tries = 100)
    void workersGetEverySignalBeforeAnyComesAgain(@ForAll long seed) {
        assertThat(first(TroubleDraw.ofWorkers(seed, 3), 3))
                .extracting(Object::getClass)
                .map(Class::getSimpleName)
                .containsExactlyInAnyOrder("Kill", "Stall", "Terminate");
    }

    @Property(tries = 100)
    void stallsLastLongerThanTheGroupWaits(@ForAll long seed) {
        assertThat(first(TroubleDraw.ofWorkers(seed, 3), 100))
                .allSatisfy(trouble -> assertThat(trouble.worker()).isBetween(1, 3))
                .filteredOn(Trouble.Stall.class::isInstance)
                .allSatisfy(stall -> assertThat(stall.lasts()).isGreaterThan(SESSION_TIMEOUT));
    }

    @Property(tries = 100)
    void anOutageOfTheStoreComesEarly(@ForAll long seed) {
        assertThat(first(TroubleDraw.ofStore(seed), 4)).anyMatch(Trouble.StoreFault::isOutage);
        assertThat(first(TroubleDraw.ofStore(seed), 9))
                .extracting(trouble -> trouble.fault().label())
                .doesNotHaveDuplicates();
    }

    @Property(tries = 100)
    void someFaultsAreForAPartOfTheRequests(@ForAll long seed) {
        assertThat(first(TroubleDraw.ofStore(seed), 9))
                .filteredOn(trouble -> trouble.share() < 1)
                .hasSize(3)
                .noneMatch(Trouble.StoreFault::isOutage);
    }

    @Property(tries = 100)
    void singleBrokersAndAllOfThemAreStopped(@ForAll long seed) {
        assertThat(first(TroubleDraw.ofBrokers(seed, 3), 3))
                .filteredOn(Trouble.StopAllBrokers.class::isInstance)
                .hasSize(1);
    }
}
