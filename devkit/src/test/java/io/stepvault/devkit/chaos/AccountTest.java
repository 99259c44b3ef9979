package io.stepvault.devkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.devkit.chaos.Published.Times;
import io.stepvault.devkit.readback.StepRevision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountTest {
    private static final StepRevision ONE = new StepRevision("s1", "one", "r1");
    private static final StepRevision TWO = new StepRevision("s1", "two", "r2");
    private static final Times TWICE = new Times(2, 0);

    private final Map<StepRevision, Times> published = new HashMap<>(Map.of(ONE, Times.ONCE, TWO, TWICE));
    private final Map<StepRevision, List<String>> differences = new HashMap<>();
    private final Map<StepRevision, Integer> completed = new HashMap<>(Map.of(ONE, 1, TWO, 2));
    private final Map<String, Times> poison = new HashMap<>(Map.of("poison-1", Times.ONCE));
    private final Map<String, Integer> deadLettered = new HashMap<>(Map.of("poison-1", 1));

    private Account account() {
        return Account.of(
                new Account.Captures(published, differences, completed), new Account.Poison(poison, deadLettered));
    }

    private Account.Wrongs wrongs() {
        return account().wrongs();
    }

    @Test
    void findsNothingWrongWhereAllIsAsItShouldBe() {
        assertThat(account()).isEqualTo(new Account(2, 2, 3, 1, new Account.Wrongs(0, 0, 0, 0, List.of())));
    }

    @Test
    void seesALossInTheStore() {
        differences.put(ONE, List.of("session s1, step one: not in the store"));

        assertThat(account().stored()).isOne();
        assertThat(wrongs().losses()).isOne();
        assertThat(wrongs().lines()).containsExactly("LOST  session s1, step one: not in the store");
    }

    @Test
    void seesACompletionThatNeverCame() {
        completed.remove(ONE);

        assertThat(wrongs().uncompleted()).isOne();
        assertThat(wrongs().lines()).singleElement().asString().startsWith("NOT COMPLETED  session s1, step one");
    }

    @Test
    void seesThatOneOfTwoCompletionsNeverCame() {
        completed.put(TWO, 1);

        assertThat(wrongs().uncompleted()).isOne();
    }

    @Test
    void seesACompletionTooMany() {
        completed.put(ONE, 3);

        assertThat(wrongs().duplicates()).isEqualTo(2);
        assertThat(wrongs().lines()).singleElement().asString().startsWith("DUPLICATE  session s1, step one");
    }

    @Test
    void seesACompletionOfWhatNobodyPublished() {
        completed.put(new StepRevision("s1", "one", "another"), 1);

        assertThat(wrongs().duplicates()).isOne();
    }

    @Test
    void seesPoisonThatIsNotDeadLetteredAndPoisonThatIsTwice() {
        poison.put("poison-2", Times.ONCE);
        deadLettered.put("poison-1", 2);

        assertThat(wrongs().poisonLost()).isOne();
        assertThat(wrongs().duplicates()).isOne();
        assertThat(wrongs().lines()).hasSize(2);
    }

    @Test
    void seesACaptureThatWasDeadLettered() {
        deadLettered.put("Obj", 1);

        assertThat(wrongs().losses()).isOne();
    }

    @Test
    void whatWasNotAcknowledgedMayBeThereOrNot() {
        StepRevision perhaps = new StepRevision("s1", "three", "r3");
        published.put(perhaps, Times.PERHAPS);
        poison.put("poison-3", Times.PERHAPS);
        differences.put(perhaps, List.of("not in the store"));

        assertThat(wrongs().lines()).isEmpty();

        differences.remove(perhaps);
        completed.put(perhaps, 1);
        deadLettered.put("poison-3", 1);
        assertThat(wrongs().lines()).isEmpty();
    }

    @Test
    void whatWasNotAcknowledgedMustNotBeThereInPartOrTwice() {
        StepRevision perhaps = new StepRevision("s1", "three", "r3");
        published.put(perhaps, Times.PERHAPS);
        completed.put(perhaps, 2);
        differences.put(perhaps, List.of("session s1, step three: not in the store"));

        assertThat(wrongs().losses()).isOne();
        assertThat(wrongs().duplicates()).isOne();
    }
}
