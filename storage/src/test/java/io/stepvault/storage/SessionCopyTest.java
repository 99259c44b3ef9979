package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.CommitRecord;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.memory.Fault;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SessionCopyTest {
    private static final LocalDate TODAY = LocalDate.ofInstant(NOON, ZoneOffset.UTC);

    private final InMemoryObjectStore source = new InMemoryObjectStore();
    private final InMemoryObjectStore target = new InMemoryObjectStore();
    private final StepStore from = TestStores.over(source);
    private final StepStore to = TestStores.over(target);
    private final List<StepAddress> failures = new ArrayList<>();
    private final SessionCopy copy = new SessionCopy(from, to, 3, new SessionCopy.Listener() {
        @Override
        public void failed(StepAddress capture, StoreException cause) {
            failures.add(capture);
        }
    });

    @Test
    void copiesEveryObjectToTheLetter() {
        from.store(List.of(everything("one"), everything("two")));
        from.store(List.of(aStep().called("one").at(NOON.plusSeconds(1)).build()));

        Copied copied = copy.session("session");

        assertThat(copied).isEqualTo(new Copied(1, 3, 2 * (3 + 5 + 2), 0, 0, 0, 0));
        assertSameSteps();
    }

    private static StepCapture everything(String step) {
        return aStep().called(step)
                .html("<p>")
                .screenshot("image/png; odd=é", new byte[5])
                .attachment("a/b", new byte[2])
                .attachment("empty", new byte[0])
                .action("{ \"a\": [1.0 ]}")
                .label("é", "\n")
                .numbered(7)
                .ending()
                .build();
    }

    private void assertSameSteps() {
        Map<String, byte[]> copied = target.contents();
        assertThat(copied.keySet()).isEqualTo(source.contents().keySet());
        source.contents().forEach((key, bytes) -> assertThat(copied.get(key)).isEqualTo(bytes));
    }

    @Test
    void copiesOnlyWhatIsMissing() {
        List<StepCapture> captures = IntStream.range(0, 200)
                .mapToObj(i -> aStep().called("step-" + i % 70)
                        .at(NOON.plusSeconds(i))
                        .html("<p>" + i)
                        .build())
                .toList();
        from.store(captures);
        to.store(captures.subList(40, 90));
        to.store(List.of(aStep().called("step-5").at(NOON.minusSeconds(1)).build()));

        assertThat(copy.session("session").captures()).isEqualTo(150);
        int puts = target.puts().size();
        Copied again = copy.session("session");

        assertThat(again).isEqualTo(new Copied(1, 0, 0, 200, 0, 0, 0));
        assertThat(target.puts()).hasSize(puts);
        assertThat(to.revisions("session", PageRequest.first(1_000)).items()).hasSize(201);
    }

    @Test
    void copiesTheSessionsOfAFilterWhole() {
        from.store(List.of(
                aStep().inSession("a-1").build(),
                aStep().inSession("a-1")
                        .called("earlier")
                        .at(NOON.minus(Duration.ofDays(1)))
                        .build(),
                aStep().inSession("a-1")
                        .called("long-ago")
                        .at(NOON.minus(Duration.ofDays(9)))
                        .build(),
                aStep().inSession("a-2").at(NOON.minus(Duration.ofDays(9))).build(),
                aStep().inSession("b").build()));

        Copied days = copy.sessions(SessionFilter.byId("a").since(TODAY.minusDays(1)));
        assertThat(days).isEqualTo(new Copied(1, 3, 0, 0, 0, 0, 0));
        assertThat(copy.sessions(SessionFilter.byId("a"))).isEqualTo(new Copied(2, 1, 0, 3, 0, 0, 0));
        assertThat(copy.sessions(SessionFilter.ALL)).isEqualTo(new Copied(3, 1, 0, 4, 0, 0, 0));
        assertSameSteps();
    }

    @Test
    void leavesSessionsDeletedThatAreDeletedAtTheTarget() {
        from.store(List.of(aStep().build(), aStep().inSession("other").build()));
        to.deleteSession("session");

        assertThat(copy.sessions(SessionFilter.ALL)).isEqualTo(new Copied(1, 1, 0, 0, 1, 0, 0));
        assertThat(to.sessionIds("", PageRequest.first(9)).items()).containsExactly("other");
    }

    @Test
    void goesOnAfterACaptureThatIsDamaged() {
        StoreOutcome.Stored damaged = (StoreOutcome.Stored)
                from.store(List.of(aStep().html("<p>").build())).get(0);
        from.store(List.of(aStep().called("whole").html("<p>").build()));
        source.put(Overwritten.by(damaged, "page.html", "<b>")).join();

        assertThat(copy.session("session")).isEqualTo(new Copied(1, 1, 3, 0, 0, 0, 1));
        assertThat(failures)
                .singleElement()
                .satisfies(capture -> assertThat(capture.stepId()).isEqualTo("step"));
        assertThat(to.load("session", "step")).isEmpty();
    }

    /** It would be stored without them, as another revision. */
    @Test
    void leavesOutACaptureWithFieldsThatItDoesNotKnow() {
        CommitRecord known = CommitRecord.of(aStep().build());
        String json = new String(known.toJson(), StandardCharsets.UTF_8);
        byte[] later = (json.substring(0, json.length() - 1) + ",\"zoom\":2}").getBytes(StandardCharsets.UTF_8);
        String key = new ObjectsLayout("").revision("session", "step", known.revision(later)) + "step.json";
        source.put(new PutRequest(key, "application/json", ByteBuffer.wrap(later), Map.of()))
                .join();

        assertThat(copy.session("session")).isEqualTo(new Copied(1, 0, 0, 0, 0, 0, 1));
        assertThat(target.contents()).isEmpty();
    }

    @Test
    void countsWhatExpiresMeanwhile() {
        from.store(List.of(aStep().html("<p>").build()));
        source.delete(source.contents().keySet().stream()
                .filter(key -> key.endsWith("page.html"))
                .findFirst()
                .orElseThrow());

        assertThat(copy.session("session")).isEqualTo(new Copied(1, 0, 0, 0, 0, 1, 0));
    }

    @Test
    void givesUpWhenTheTargetIsOut() {
        from.store(IntStream.range(0, 100)
                .mapToObj(i -> aStep().called("step-" + i).build())
                .toList());
        target.failAlways(key -> key.startsWith("days/"), Fault.DENIED);

        assertThatThrownBy(() -> copy.session("session")).isInstanceOf(StoreAccessException.class);
        assertThat(failures).hasSize(16);

        target.heal();
        assertThat(copy.session("session").captures()).isEqualTo(100);
    }
}
