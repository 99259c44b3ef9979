package io.stepvault.storage;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LifecycleRaceTest {
    @Property(tries = 3_000)
    void aDeletedSessionDoesNotComeBack(@ForAll long seed) {
        new LifecycleRace(seed).aSessionIsDeleted();
    }

    @Property(tries = 5_000)
    void whatIsAcknowledgedIsWholeOrHasExpiredAsAWhole(@ForAll long seed) {
        new LifecycleRace(seed).oldStepsAreRemoved();
    }

    @Property(tries = 3_000)
    void whatCarriesALabelThatHoldsIsKeptAndHoldsTheRest(@ForAll long seed) {
        new LifecycleRace(seed).aSessionIsHeld();
    }

    @Property(tries = 3_000)
    void aSessionThatIsRestoredIsWholeWhateverWritersStillRemove(@ForAll long seed) {
        new LifecycleRace(seed).aDeletedSessionIsRestored();
    }
}
