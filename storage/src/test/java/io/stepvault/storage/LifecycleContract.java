package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.RetryOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions go, over any object store: deleted, expired, thinned out, cleaned up. */
abstract class LifecycleContract {
    // Objects bear the store's own time.
    private final SteppedClock clock = new SteppedClock(Instant.now());
    private final Instant noon = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(12));
    private final Instant longAgo = noon.minus(Duration.ofDays(10));

    /** An empty store; closed by whoever opened it. */
    abstract ObjectStore objects();

    /** What all keys begin with, without a slash at the end. */
    String prefix() {
        return "";
    }

    @Test
    void deletesASessionAndNothingElse() {
        StepStore store = store(objects());
        store.store(List.of(
                aStep().html("1").build(),
                aStep().at(longAgo).attachment("log", new byte[9]).build(),
                aStep().called("other").build()));
        List<String> mine = keys();
        store.store(List.of(
                aStep().inSession("sessio").html("x").build(),
                aStep().inSession("session-2").html("x").build()));
        List<String> others = keys();
        others.removeAll(mine);

        Removed removed = store.deleteSession("session");

        assertThat(removed.objects()).isEqualTo(mine.size());
        others.add(key("deleted/session"));
        assertThat(keys()).containsExactlyInAnyOrderElementsOf(others);
        assertIsDeleted(store);
        assertThat(store.sessions(PageRequest.first(9)).items())
                .extracting(SessionEntry::sessionId)
                .containsExactly("sessio", "session-2");
        assertThat(store.deleteSession("session")).isEqualTo(new Removed(0, 0));
    }

    @Test
    void storesNothingOfADeletedSession() {
        StepStore store = store(objects());
        store.deleteSession("session");
        List<String> before = keys();

        List<StoreOutcome> outcomes = store.store(List.of(
                aStep().html("1").build(),
                aStep().inSession("other").build(),
                aStep().at(longAgo).build()));

        assertThat(outcomes)
                .extracting(outcome -> outcome.getClass().getSimpleName())
                .containsExactly("SessionDeleted", "Stored", "SessionDeleted");
        assertIsDeleted(store);
        assertThat(keys()).filteredOn(key -> !key.contains("other")).isEqualTo(before);
    }

    /** As a writer that died leaves it, or a put that arrives late. */
    @Test
    void removesWhatAWriterLeftOfADeletedSessionWhenTheCaptureComesAgain() {
        StepCapture capture = aStep().html("1").attachment("log", new byte[3]).build();
        store(objects()).store(List.of(capture));
        put("deleted/session");

        List<StoreOutcome> outcomes = store(objects()).store(List.of(capture));

        assertThat(outcomes).containsExactly(new StoreOutcome.SessionDeleted());
        assertThat(keys()).containsExactly(key("deleted/session"));
    }

    @Test
    void cleansUpWhatWritersLeftOfDeletedSessions() {
        store(objects())
                .store(List.of(
                        aStep().html("1").build(), aStep().inSession("kept").build()));
        put("deleted/session");
        put("sessions/session/segments/of-a-later-version.avro");
        assertIsDeleted(store(objects()));

        lifecycle(objects()).clean(SessionLifecycle.MIN_GRACE);

        assertThat(keys()).filteredOn(key -> !key.contains("kept")).isEqualTo(List.of(key("deleted/session")));
        assertThat(store(objects()).sessions(PageRequest.first(9)).items()).hasSize(1);
    }

    @Test
    void hidesManyDeletedSessions() {
        StepStore store = store(objects());
        List<StepCapture> captures = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            captures.add(aStep().inSession("s" + i).build());
        }
        store.store(captures);
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            if (i % 7 == 0) {
                kept.add("s" + i);
            } else {
                put("deleted/s" + i);
            }
        }

        for (int limit : List.of(1, 2, 1000)) {
            assertThat(StepStoreContract.all(store::sessions, limit))
                    .extracting(SessionEntry::sessionId)
                    .containsExactlyInAnyOrderElementsOf(kept);
        }
    }

    @Test
    void expiresWhatWasCapturedBeforeADay() {
        StepStore store = store(objects());
        LocalDate old = day(longAgo);
        Instant lastMoment = old.atStartOfDay(ZoneOffset.UTC).toInstant().minusNanos(1_000);
        store.store(List.of(
                aStep().called("goes").at(lastMoment).html("x").build(),
                aStep().called("both").at(lastMoment).html("early").build(),
                aStep().called("both")
                        .at(lastMoment.plusNanos(1_000))
                        .html("late")
                        .build(),
                aStep().inSession("gone").at(lastMoment).html("x").build()));

        lifecycle(objects()).expire(old);

        assertThat(store.load("session", "goes")).isEmpty();
        assertThat(store.revisions("session", "both", PageRequest.first(9)).items())
                .singleElement()
                .satisfies(revision -> assertThat(ObjectsLayout.dayOf(revision)).isEqualTo(old));
        assertThat(store.load("session", "both").orElseThrow().read("html"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("late");
        assertThat(store.sessions(PageRequest.first(9)).items()).containsExactly(new SessionEntry(old, "session"));
        assertThat(keys()).noneMatch(key -> key.contains("gone") || key.contains("removing"));
        assertThat(store.isDeleted("gone")).isFalse();
    }

    @Test
    void expiresNothingYoung() {
        LocalDate today = day(noon);

        assertThatThrownBy(() -> lifecycle(objects()).expire(today.minusDays(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(today.minusDays(2).toString());
        assertThat(lifecycle(objects()).expire(today.minusDays(2))).isEqualTo(new Removed(0, 0));
    }

    @Test
    void keepsTheLastRevisionsOfAStep() {
        StepStore store = store(objects());
        for (int i = 0; i < 4; i++) {
            store.store(List.of(
                    aStep().at(longAgo.plusSeconds(i)).html("h" + i).build(),
                    aStep().called("young").at(noon.plusSeconds(i)).build()));
        }
        List<Kept> before = revisions(store);

        Removed removed = lifecycle(objects()).keepLast(2);

        assertThat(removed.objects()).isEqualTo(4);
        assertThat(revisions(store)).containsExactlyElementsOf(before.subList(2, 8));
        assertThat(keys()).noneMatch(key -> key.contains("removing"));
    }

    private record Kept(String step, String revision) {}

    private static List<Kept> revisions(StepStore store) {
        List<Kept> found = new ArrayList<>();
        for (String step : List.of("step", "young")) {
            store.revisions("session", step, PageRequest.first(9))
                    .items()
                    .forEach(revision -> found.add(new Kept(step, revision.toString())));
        }
        return found;
    }

    @Test
    void removesOrphansThatNobodyHasWrittenForTheGrace() {
        StepStore store = store(objects());
        store.store(List.of(
                aStep().called("whole").at(longAgo).html("x").build(),
                aStep().called("half").at(longAgo).html("x").build(),
                aStep().called("young").at(noon).html("x").build()));
        keys().stream()
                .filter(key -> key.contains("/half/") || key.contains("/young/"))
                .filter(key -> key.endsWith("step.json"))
                .forEach(objects()::delete);
        List<String> before = keys();

        clock.advance(Duration.ofDays(2));
        assertThat(lifecycle(objects()).clean(Duration.ofDays(3))).isEqualTo(new Removed(0, 0));
        assertThat(keys()).isEqualTo(before);

        clock.advance(Duration.ofDays(1).plusMinutes(1));
        Removed removed = lifecycle(objects()).clean(Duration.ofDays(3));

        // The capture of now is three days old by now, and so are its objects.
        assertThat(removed).isEqualTo(new Removed(2, 2));
        assertThat(keys()).filteredOn(key -> key.contains("sessions/")).allMatch(key -> key.contains("/whole/"));
    }

    @Test
    void touchesNothingThatIsNoneOfOurs() {
        StepStore store = store(objects());
        store.store(List.of(
                aStep().at(longAgo).html("x").build(),
                aStep().at(longAgo.plusSeconds(1)).build(),
                aStep().inSession("deleted").at(longAgo).build()));
        List<String> foreign = List.of(
                "policy.json.old",
                "other/sessions/session/steps/step/20261120T120000.123456Z-0123456789abcdef/page.html",
                "days/not-a-day/session",
                "days/2020-01-01/%zz",
                "sessions/%zz/steps/step/20201120T120000.123456Z-0123456789abcdef/page.html",
                "sessions/session/notes.txt",
                "sessions/session/steps/step/not-a-revision/page.html",
                "removing/what",
                "deleted/%zz");
        foreign.forEach(this::put);
        List<String> outside = new ArrayList<>();
        if (!prefix().isEmpty()) {
            for (String name : List.of("sessions/deleted/steps/x", "days/2020-01-01/deleted", "x", "deleted/session")) {
                for (String beside : List.of(prefix() + "2/", prefix().substring(0, prefix().length() - 1) + "/")) {
                    outside.add(beside + name);
                    putAt(beside + name);
                }
            }
        }
        clock.advance(Duration.ofDays(30));

        SessionLifecycle lifecycle = lifecycle(objects());
        lifecycle.delete("deleted");
        lifecycle.keepLast(1);
        lifecycle.clean(SessionLifecycle.MIN_GRACE);
        lifecycle.expire(day(clock.instant()).minusDays(2));

        assertThat(keys()).containsAll(foreign.stream().map(this::key).toList()).hasSize(foreign.size() + 1);
        for (String key : outside) {
            assertThat(objects().head(key)).as(key).isPresent();
            objects().delete(key);
        }
    }

    @Test
    void saysWhatWouldGo() {
        StepStore store = store(objects());
        store.store(List.of(
                aStep().at(longAgo).html("12345").build(),
                aStep().at(longAgo.plusSeconds(1)).html("1").build(),
                aStep().called("half").at(longAgo).html("x").build()));
        keys().stream()
                .filter(key -> key.contains("/half/") && key.endsWith("step.json"))
                .forEach(objects()::delete);
        clock.advance(Duration.ofDays(30));
        LocalDate before = day(longAgo).plusDays(1);
        List<Map<String, Long>> planned = new ArrayList<>();
        List<String> keys = keys();
        List<ObjectInfo> told = new ArrayList<>();
        SessionLifecycle dry = lifecycle(objects()).dryRun(told::add);

        List<Removed> would = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            told.clear();
            would.add(
                    switch (i) {
                        case 0 -> dry.clean(SessionLifecycle.MIN_GRACE);
                        case 1 -> dry.keepLast(1);
                        case 2 -> dry.expire(before);
                        default -> dry.delete("session");
                    });
            Map<String, Long> plan = new TreeMap<>();
            told.forEach(object -> plan.put(object.key(), object.size()));
            planned.add(plan);
        }

        assertThat(keys()).isEqualTo(keys);
        assertThat(planned).extracting(Map::size).containsExactly(1, 2, 6, 6);
        for (int i = 0; i < 4; i++) {
            assertThat(would.get(i).objects()).isEqualTo(planned.get(i).size());
            assertThat(would.get(i).bytes())
                    .isEqualTo(planned.get(i).values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
        assertThat(lifecycle(objects()).clean(SessionLifecycle.MIN_GRACE)).isEqualTo(would.get(0));
        assertThat(lifecycle(objects()).keepLast(1)).isEqualTo(would.get(1));
        assertThat(lifecycle(objects()).delete("session"))
                .isEqualTo(new Removed(
                        3,
                        1
                                + would.get(3).bytes()
                                - would.get(0).bytes()
                                - would.get(1).bytes()
                                - 1));
    }

    @Test
    void answersThatAStepHasExpiredWhoseArtifactIsGone() {
        StepStore store = store(objects());
        store.store(List.of(aStep().at(longAgo).html("x").build()));
        StoredStep found = store.load("session", "step").orElseThrow();
        clock.advance(Duration.ofDays(30));

        lifecycle(objects()).expire(day(noon));

        assertThatThrownBy(() -> found.read("html"))
                .isInstanceOf(ObjectNotFoundException.class)
                .hasMessageContaining("expired");
        assertThatThrownBy(() -> found.open("html")).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void keepsThePolicyInTheStore() {
        LifecyclePolicy policy = policy(OptionalInt.of(30), OptionalInt.of(2), "legal");

        assertThat(lifecycle(objects()).policy()).isEmpty();
        lifecycle(objects()).dryRun(object -> {}).writePolicy(policy);
        assertThat(lifecycle(objects()).policy()).isEmpty();
        lifecycle(objects()).writePolicy(policy);
        assertThat(lifecycle(objects()).policy()).hasValue(policy);

        lifecycle(objects()).writePolicy(LifecyclePolicy.KEEP_ALL);
        assertThat(lifecycle(objects()).policy()).hasValue(LifecyclePolicy.KEEP_ALL);
        assertThat(keys()).containsExactly(key("policy.json"));
    }

    @Test
    void removesNothingByAPolicyThatItDoesNotUnderstand() {
        StepStore store = store(objects());
        store.store(List.of(aStep().at(longAgo).html("x").build()));
        put("policy.json");
        List<String> before = keys();
        SessionLifecycle lifecycle = lifecycle(objects());

        for (Runnable removal : List.<Runnable>of(
                () -> lifecycle.expire(day(noon).minusDays(2)),
                () -> lifecycle.keepLast(1),
                () -> lifecycle.apply(SessionLifecycle.MIN_GRACE),
                () -> lifecycle.delete("session"),
                () -> store.deleteSession("session"))) {
            assertThatThrownBy(removal::run)
                    .isInstanceOf(ObjectCorruptException.class)
                    .hasMessageContaining("policy.json")
                    .hasMessageContaining("until it is mended");
        }
        assertThat(keys()).isEqualTo(before);
        lifecycle.deleteHeld("session");
        assertIsDeleted(store);
    }

    @Test
    void leavesSessionsAloneThatALabelHolds() {
        StepStore store = store(objects());
        Instant later = longAgo.plus(Duration.ofDays(1));
        store.store(List.of(
                aStep().inSession("free").at(longAgo).html("1").build(),
                aStep().inSession("free")
                        .at(longAgo.plusSeconds(1))
                        .label("case", "18")
                        .build(),
                aStep().inSession("held").at(longAgo).html("1").build(),
                aStep().inSession("held").at(longAgo.plusSeconds(1)).build(),
                // Another day and another step: still the same session.
                aStep().inSession("held")
                        .called("other")
                        .at(later)
                        .label("case", "17")
                        .build(),
                aStep().inSession("named")
                        .at(longAgo)
                        .label("legal", "whatever")
                        .build()));
        lifecycle(objects()).writePolicy(policy(OptionalInt.of(3), OptionalInt.of(1), "case=17", "legal"));
        List<String> kept = keys().stream().filter(key -> !key.contains("free")).toList();
        List<String> held = new ArrayList<>();
        LifecycleListener listener = new LifecycleListener() {
            @Override
            public void removed(ObjectInfo object) {}

            @Override
            public void held(String sessionId, String why) {
                held.add(sessionId);
                assertThat(why).contains("label").contains("step.json");
            }
        };
        SessionLifecycle lifecycle = lifecycle(objects()).telling(listener);

        assertThat(lifecycle.keepLast(1)).satisfies(thinned -> {
            assertThat(thinned.objects()).isEqualTo(2);
            assertThat(thinned.held()).isEqualTo(1);
        });
        assertThat(held).containsExactly("held");
        held.clear();
        Removed expired = lifecycle.expire(day(noon).minusDays(2));

        assertThat(keys()).containsExactlyElementsOf(kept);
        assertThat(expired.objects()).isEqualTo(2);
        assertThat(expired.held()).isEqualTo(3);
        assertThat(held).containsExactly("held", "named", "held");
        for (String session : List.of("held", "named")) {
            assertThatThrownBy(() -> lifecycle.delete(session))
                    .isInstanceOf(SessionHeldException.class)
                    .hasMessageContaining(session)
                    .hasMessageContaining("label");
            assertThatThrownBy(() -> store.deleteSession(session)).isInstanceOf(SessionHeldException.class);
        }
        assertThat(keys()).containsExactlyElementsOf(kept);

        lifecycle.deleteHeld("held");
        assertThat(store.isDeleted("held")).isTrue();
        assertThat(keys()).noneMatch(key -> key.contains("sessions/held"));
    }

    /** Its labels may have been those that hold. */
    @Test
    void leavesASessionAloneOfWhichACommitRecordCannotBeRead() {
        store(objects()).store(List.of(aStep().at(longAgo).html("x").build()));
        lifecycle(objects()).writePolicy(policy(OptionalInt.empty(), OptionalInt.empty(), "legal"));
        keys().stream().filter(key -> key.endsWith("step.json")).forEach(this::putAt);
        List<String> before = keys();

        assertThat(lifecycle(objects()).expire(day(noon).minusDays(2))).isEqualTo(new Removed(0, 0, 0, 1));
        assertThat(keys()).isEqualTo(before);
    }

    @Test
    void doesWhatThePolicySaysAndSaysBeforeWhatThatWouldBe() {
        StepStore store = store(objects());
        store.store(List.of(
                // Expires, and would be too many, too.
                aStep().at(longAgo).html("1").build(),
                aStep().at(longAgo.plus(Duration.ofDays(4))).html("2").build(),
                aStep().at(longAgo.plus(Duration.ofDays(5))).html("3").build(),
                aStep().inSession("held")
                        .at(longAgo)
                        .label("legal", "1")
                        .html("4")
                        .build(),
                aStep().inSession("held").at(longAgo.plusSeconds(1)).build(),
                aStep().called("half").at(longAgo).html("5").build(),
                aStep().inSession("held").called("half").at(longAgo).html("6").build(),
                aStep().inSession("deleted").at(noon).html("7").build()));
        keys().stream()
                .filter(key -> key.contains("/half/") && key.endsWith("step.json"))
                .forEach(objects()::delete);
        put("deleted/deleted");
        clock.advance(Duration.ofDays(3));
        lifecycle(objects()).writePolicy(policy(OptionalInt.of(11), OptionalInt.of(1), "legal"));
        List<String> before = keys();
        List<String> wouldGo = new ArrayList<>();

        PolicyApplied would =
                lifecycle(objects()).dryRun(object -> wouldGo.add(object.key())).apply(SessionLifecycle.MIN_GRACE);
        assertThat(keys()).isEqualTo(before);
        PolicyApplied done = lifecycle(objects()).apply(SessionLifecycle.MIN_GRACE);

        assertThat(done).isEqualTo(would);
        List<String> gone = new ArrayList<>(before);
        gone.removeAll(keys());
        assertThat(wouldGo).containsExactlyInAnyOrderElementsOf(gone).doesNotHaveDuplicates();
        assertThat(done.expired().objects()).isEqualTo(4);
        assertThat(done.expired().held()).isEqualTo(1);
        assertThat(done.thinnedOut().objects()).isEqualTo(2);
        assertThat(done.thinnedOut().held()).isEqualTo(1);
        assertThat(done.cleaned().objects()).isEqualTo(4);
        assertThat(done.total().objects()).isEqualTo(gone.size());
        assertThat(lifecycle(objects()).apply(SessionLifecycle.MIN_GRACE).total())
                .isEqualTo(new Removed(0, 0, 0, 2));
    }

    @Test
    void cleansUpOnlyWithoutAPolicy() {
        store(objects()).store(List.of(aStep().at(longAgo).html("1").build()));
        List<String> before = keys();

        assertThat(lifecycle(objects()).apply(SessionLifecycle.MIN_GRACE).total())
                .isEqualTo(new Removed(0, 0));
        assertThat(keys()).isEqualTo(before);
    }

    @Test
    void saysWhatTheStoreHolds() {
        assertThat(lifecycle(objects()).state())
                .isEqualTo(new LifecycleState(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        OptionalLong.of(0),
                        Optional.empty()));
        store(objects())
                .store(List.of(
                        aStep().at(longAgo).build(),
                        aStep().at(noon).build(),
                        aStep().inSession("other").at(longAgo).build()));
        put("deleted/one");
        put("removing/2020-01-01/session/run");
        LifecyclePolicy policy = policy(OptionalInt.of(9), OptionalInt.empty());
        lifecycle(objects()).writePolicy(policy);

        assertThat(lifecycle(objects()).state())
                .isEqualTo(new LifecycleState(
                        Optional.of(policy),
                        Optional.of(day(longAgo)),
                        Optional.of(day(noon)),
                        2,
                        3,
                        2,
                        1,
                        1,
                        OptionalLong.of(0),
                        Optional.empty()));
    }

    /** As the bucket's own rules leave it, which know no order. */
    @Test
    void answersThatAStepHasExpiredOfWhichOnlyTheCommitRecordIsLeft() {
        StepStore store = store(objects());
        store.store(List.of(aStep().html("x").attachment("log", new byte[2]).build()));
        keys().stream().filter(key -> key.endsWith("page.html")).forEach(objects()::delete);

        StoredStep half = store.load("session", "step").orElseThrow();
        assertThatThrownBy(() -> half.read("html"))
                .isInstanceOf(ObjectNotFoundException.class)
                .hasMessageContaining("expired");
        assertThatThrownBy(() -> half.open("html"))
                .isInstanceOf(ObjectNotFoundException.class)
                .hasMessageContaining("expired");

        keys().stream().filter(key -> key.endsWith("step.json")).forEach(objects()::delete);
        assertThat(store.load("session", "step")).isEmpty();
        assertThat(store.steps("session", PageRequest.first(9)).items()).isEmpty();
        assertThat(store.revisions("session", "step", PageRequest.first(9)).items())
                .isEmpty();
    }

    /** An old step is not acknowledged while somebody may still remove parts of it; unless he has died. */
    @Test
    void storesNoOldStepWhileItsDayIsBeingRemoved() {
        put("removing/" + day(longAgo) + "/session/somebody");
        StepCapture old = aStep().at(longAgo).html("x").build();
        StepStore store = store(objects());

        List<StoreOutcome> outcomes = store.store(List.of(
                old,
                aStep().called("other").at(longAgo.minus(Duration.ofDays(1))).build()));

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        StoreOutcome.Failed.class,
                        failed -> assertThat(failed.cause()).isInstanceOf(TransientStoreException.class));
        assertThat(outcomes.get(1)).isInstanceOf(StoreOutcome.Stored.class);

        clock.advance(Duration.ofMinutes(61));
        assertThat(store.store(List.of(old))).allMatch(StoreOutcome.Stored.class::isInstance);
        lifecycle(objects()).clean(SessionLifecycle.MIN_GRACE);
        assertThat(keys()).noneMatch(key -> key.contains("removing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x\u0000"})
    void takesOnlyIdsThatSessionsCanHave(String id) {
        if (id.isEmpty()) {
            assertThatThrownBy(() -> lifecycle(objects()).delete(id)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(lifecycle(objects()).delete(id)).isEqualTo(new Removed(0, 0));
            assertThat(store(objects()).isDeleted(id)).isTrue();
        }
    }

    final void assertIsDeleted(StepStore store) {
        assertThat(store.isDeleted("session")).isTrue();
        assertThat(store.load("session", "step")).isEmpty();
        assertThat(store.steps("session", PageRequest.first(9)).items()).isEmpty();
        assertThat(store.revisions("session", "step", PageRequest.first(9)).items())
                .isEmpty();
        assertThat(store.sessions(PageRequest.first(9)).items())
                .extracting(SessionEntry::sessionId)
                .doesNotContain("session");
    }

    private static LifecyclePolicy policy(OptionalInt expireAfterDays, OptionalInt keepRevisions, String... holds) {
        return new LifecyclePolicy(
                expireAfterDays,
                keepRevisions,
                Stream.of(holds).map(LabelHold::parse).toList());
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    final StepStore store(ObjectStore objects) {
        return new ObjectStepStore(objects, prefix(), options());
    }

    final SessionLifecycle lifecycle(ObjectStore objects) {
        return new SessionLifecycle(objects, prefix(), options());
    }

    private StoreOptions options() {
        return TestStores.direct()
                .withClock(clock)
                .withRetry(RetryOptions.defaults().withMaxAttempts(1));
    }

    private String key(String name) {
        return prefix().isEmpty() ? name : prefix() + "/" + name;
    }

    private void put(String name) {
        putAt(key(name));
    }

    private void putAt(String key) {
        try {
            objects()
                    .put(new PutRequest(key, "text/plain", ByteBuffer.wrap(new byte[1]), Map.of()))
                    .join();
        } catch (StoreException e) {
            throw new AssertionError(key, e);
        }
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        Optional<ListRequest> request = Optional.of(ListRequest.of(prefix().isEmpty() ? "" : prefix() + "/"));
        while (request.isPresent()) {
            var page = objects().list(request.get());
            page.objects().forEach(object -> keys.add(object.key()));
            request = page.next(request.get());
        }
        return keys;
    }
}
