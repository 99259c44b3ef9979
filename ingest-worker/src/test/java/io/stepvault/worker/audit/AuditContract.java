package io.stepvault.worker.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.CommitRecord;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.Compression;
import io.stepvault.storage.LabelHold;
import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.worker.Captures;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an audit finds, over any object store. */
abstract class AuditContract {
    private static final StepCapture VICTIM = full("b", "step 2", 2);
    // ids whose order among keys is not that of their letters
    private static final List<StepCapture> ALL = List.of(
            full("a", "step", 0),
            full("a-b", "step", 0),
            full("a", "step", 1),
            full("b", "step 1", 1),
            VICTIM,
            full("b", "step 2", 3),
            full("b", "step-2", 0),
            Captures.aStep("b", "änderung/1").build(),
            StepCapture.newBuilder()
                    .setSessionId("empty")
                    .setStepId("nothing")
                    .setCapturedAt(Captures.CAPTURED_AT)
                    .build());

    /** An empty store; closed by whoever opened it. */
    abstract ObjectStore objects();

    /** What all keys begin with, without a slash at the end. */
    String prefix() {
        return "";
    }

    /** Whether the store tells the checksums of what was put. */
    boolean keepsChecksums() {
        return false;
    }

    private final Map<Compression, StepStore> stores = new HashMap<>();

    private StepStore store(Compression compression) {
        return stores.computeIfAbsent(
                compression,
                form -> new ObjectStepStore(
                        objects(), prefix(), StoreOptions.defaults().withCompression(form)));
    }

    private void store(List<StepCapture> captures) {
        store(Compression.NONE, captures);
    }

    private void store(Compression compression, List<StepCapture> captures) {
        assertThat(store(compression).store(captures))
                .hasSize(captures.size())
                .allMatch(StoreOutcome.Stored.class::isInstance);
    }

    private static StepCapture full(String session, String step, int microseconds) {
        return Captures.aStep(session, step)
                .setCapturedAt(Captures.CAPTURED_AT.plusNanos(1_000L * microseconds))
                .setHtml(Artifacts.html(("<p>" + session + "/" + step + microseconds + "</p>").repeat(200)))
                .setScreenshot(Captures.screenshot(3_000 + microseconds))
                .setAttachments(
                        Map.of("log", Artifacts.of("application/json", "[1, 2, 3]".getBytes(StandardCharsets.UTF_8))))
                .build();
    }

    private AuditRig rig() {
        return new AuditRig(objects(), prefix());
    }

    private String root() {
        return prefix().isEmpty() ? "" : prefix() + "/";
    }

    private String keysOf(StepCapture capture) {
        CommitRecord record = CommitRecord.of(capture);
        return root() + "sessions/" + new RevisionName(record.sessionId(), record.stepId(), record.revision()) + "/";
    }

    @ParameterizedTest
    @EnumSource(AuditDepth.class)
    void findsNothingWhereAllIsStored(AuditDepth depth) {
        store(ALL);
        AuditRig rig = rig().with(ALL);

        AuditReport report = rig.run(depth);

        assertThat(rig.findings).isEmpty();
        assertThat(report.isClean()).isTrue();
        assertThat(report.count(Outcome.STORED)).isEqualTo(ALL.size());
        assertThat(report.revisionsListed()).isEqualTo(ALL.size());
        assertThat(report.looked().byContent()).isEqualTo(depth == AuditDepth.CONTENT ? 22 : 0);
        assertThat(report.looked().byChecksum()).isEqualTo(depth == AuditDepth.CHECKSUMS && keepsChecksums() ? 22 : 0);
        assertThat(report.looked().bySize() > 0)
                .isEqualTo(depth != AuditDepth.CONTENT && report.looked().byChecksum() == 0);
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void noticesDamage(Damage damage) {
        store(ALL);
        AuditRig rig = rig().with(ALL);
        damage.befall(objects(), keysOf(VICTIM));

        for (AuditDepth depth : AuditDepth.values()) {
            AuditReport report = rig.run(depth);

            boolean told = depth.compareTo(damage.noticedAt()) >= 0
                    || (damage.keepsSize() && depth == AuditDepth.CHECKSUMS && keepsChecksums());
            assertThat(rig.problems())
                    .as("%s", depth)
                    .hasSize(told ? 1 : 0)
                    .allMatch(finding -> finding.code().equals(damage.outcome().code())
                            && finding.name().orElseThrow().stepId().equals("step 2"));
            assertThat(report.isClean()).isEqualTo(!told);
            assertThat(report.count(Outcome.STORED)).isEqualTo(ALL.size() - (told ? 1 : 0));
        }
    }

    /**
     * What is compressed is checked by what its last bytes say, unless every byte is read. What follows these is passed
     * over by whoever decompresses it: the content is still the capture's.
     */
    @ParameterizedTest
    @EnumSource(
            value = Damage.class,
            names = {"PAGE_GONE", "PAGE_CUT_SHORT", "PAGE_EMPTY", "PAGE_ALTERED", "SCREENSHOT_GONE"})
    void noticesDamageOfWhatIsCompressed(Damage damage) {
        store(Compression.GZIP, ALL);
        AuditRig rig = rig().with(ALL);
        assertThat(rig.run(AuditDepth.LISTING).isClean()).isTrue();
        assertThat(rig.run(AuditDepth.CHECKSUMS).isClean()).isTrue();
        assertThat(rig.run(AuditDepth.CONTENT).isClean()).isTrue();
        damage.befall(objects(), keysOf(VICTIM));

        for (AuditDepth depth : List.of(AuditDepth.CHECKSUMS, AuditDepth.CONTENT)) {
            boolean told = depth == AuditDepth.CONTENT || damage != Damage.PAGE_ALTERED;
            assertThat(rig.run(depth).isClean()).as("%s", depth).isEqualTo(!told);
            assertThat(rig.problems()).hasSize(told ? 1 : 0);
        }
    }

    @Test
    void noticesDamageOfOneFormWhereBothAreThere() {
        store(Compression.GZIP, ALL);
        store(Compression.NONE, ALL);
        AuditRig rig = rig().with(ALL);
        assertThat(rig.run(AuditDepth.CHECKSUMS).isClean()).isTrue();
        String page = keysOf(VICTIM) + "gzip/page.html";
        Damage.put(objects(), page, Damage.read(objects(), keysOf(full("b", "step 2", 3)) + "gzip/page.html"));

        assertThat(rig.run(AuditDepth.CHECKSUMS).isClean()).isFalse();
        assertThat(rig.problems().get(0).detail()).contains("gzip/page.html");
    }

    @Test
    void namesWhatTheStoreHoldsBesides() {
        store(ALL);
        AuditRig rig = rig().with(ALL.subList(0, 4)).with(ALL.subList(5, ALL.size()));
        String orphan = keysOf(full("c", "orphan", 0)) + "page.html";
        Damage.put(objects(), orphan, Damage.TEXT);
        Damage.put(objects(), root() + "sessions/b/notes.txt", Damage.TEXT);
        Damage.put(objects(), keysOf(ALL.get(0)) + "thumbnail.png", Damage.TEXT);

        AuditReport report = rig.run(AuditDepth.CHECKSUMS);

        assertThat(report.isClean()).isTrue();
        assertThat(report.count(StoreFinding.NOT_IN_RANGE)).isOne();
        assertThat(report.count(StoreFinding.UNDER_WAY)).isOne();
        assertThat(report.count(StoreFinding.STRAY_OBJECT)).isEqualTo(2);
        assertThat(rig.codes())
                .containsExactlyInAnyOrder("stray-object", "not-in-range", "stray-object", "perhaps-under-way");

        rig.clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
        assertThat(rig.run(AuditDepth.LISTING).count(StoreFinding.ORPHAN)).isOne();
    }

    @Test
    void looksOnlyAtTheSessionsOfTheRangeIfToldSo() {
        store(ALL);
        List<StepCapture> some = ALL.subList(1, 2);
        AuditRig rig = rig().with(some).with(full("gone", "step", 0), 3);
        rig.scope = AuditSettings.Scope.OF_THE_RANGE;

        AuditReport report = rig.run(AuditDepth.CHECKSUMS);

        assertThat(rig.codes()).containsExactly("missing");
        assertThat(report.count(Outcome.STORED)).isOne();
        assertThat(report.revisionsListed()).isOne();
        assertThat(report.partitions().get(3)).isNotNull();
    }

    @Test
    void looksOnlyAtSessionsThatWereAskedFor() {
        store(ALL);
        AuditRig rig = rig().with(ALL.subList(0, 1)).with(ALL.subList(2, 3));
        rig.scope = new AuditSettings.Scope(true, "a", "a"::equals);

        AuditReport report = rig.run(AuditDepth.LISTING);

        assertThat(rig.findings).isEmpty();
        assertThat(report.count(Outcome.STORED)).isEqualTo(2);
    }

    @Test
    void comparesACaptureOnceHoweverOftenItCame() {
        store(ALL);
        AuditRig rig = rig().with(ALL).with(ALL).with(VICTIM, 1);

        AuditReport report = rig.run(AuditDepth.CHECKSUMS);

        assertThat(report.count(Outcome.STORED)).isEqualTo(ALL.size());
        assertThat(report.repeats()).isEqualTo(ALL.size() + 1);
        assertThat(report.partitions().get(1)).isNotNull();
    }

    @Test
    void findsDeletedSessions() {
        store(ALL);
        store(Compression.NONE).deleteSession("b");
        Damage.put(objects(), keysOf(VICTIM) + "page.html", Damage.TEXT);
        AuditRig rig = rig().with(ALL);

        AuditReport report = rig.run(AuditDepth.CHECKSUMS);

        assertThat(report.count(Outcome.SESSION_DELETED)).isEqualTo(5);
        assertThat(report.count(Outcome.STORED)).isEqualTo(4);
        assertThat(report.isClean()).isTrue();
    }

    @Test
    void findsWhatThePolicyHasRemoved() {
        AuditRig rig = rig().with(ALL)
                .with(
                        Captures.aStep("held", "step")
                                .setLabels(Map.of("hold", "1"))
                                .build(),
                        0);
        rig.policy = new LifecyclePolicy(OptionalInt.of(5), OptionalInt.empty(), List.of(LabelHold.parse("hold")));
        rig.clock = Clock.fixed(Captures.CAPTURED_AT.plus(Duration.ofDays(5)), ZoneOffset.UTC);
        assertThat(rig.run(AuditDepth.LISTING).count(Outcome.MISSING)).isEqualTo(ALL.size() + 1);

        rig.clock = Clock.fixed(Captures.CAPTURED_AT.plus(Duration.ofDays(6)), ZoneOffset.UTC);
        AuditReport report = rig.run(AuditDepth.LISTING);

        assertThat(report.count(Outcome.EXPIRED)).isEqualTo(ALL.size());
        assertThat(rig.problems()).hasSize(1);
        assertThat(rig.problems().get(0).name().orElseThrow().sessionId()).isEqualTo("held");
    }

    @Test
    void findsWhatThePolicyHasPruned() {
        List<StepCapture> revisions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            revisions.add(full("s", "step", i));
        }
        store(revisions.subList(3, 5));
        AuditRig rig = rig().with(revisions);
        rig.policy = new LifecyclePolicy(OptionalInt.empty(), OptionalInt.of(2), List.of());
        rig.clock = Clock.fixed(Captures.CAPTURED_AT.plus(Duration.ofDays(3)), ZoneOffset.UTC);

        AuditReport report = rig.run(AuditDepth.LISTING);

        assertThat(report.count(Outcome.PRUNED)).isEqualTo(3);
        assertThat(report.count(Outcome.STORED)).isEqualTo(2);
        assertThat(report.count(Outcome.MISSING)).as("the last one").isOne();

        rig.clock = Clock.fixed(Captures.CAPTURED_AT.plus(Duration.ofDays(2)), ZoneOffset.UTC);
        assertThat(rig.run(AuditDepth.LISTING).count(Outcome.MISSING))
                .as("too young")
                .isEqualTo(4);
    }

    @Test
    void findsWhatWaitsInADiskQueue() {
        store(ALL.subList(0, 3));
        AuditRig rig = rig().with(ALL);
        rig.diskQueues = name -> name.sessionId().equals("b");

        AuditReport report = rig.run(AuditDepth.CHECKSUMS);

        assertThat(report.count(Outcome.ON_DISK_QUEUE)).isEqualTo(5);
        assertThat(rig.problems()).hasSize(1);
    }

    @Test
    void findsDeadLetters() {
        store(ALL.subList(0, 3));
        AuditRig rig = rig().with(VICTIM, 0) // offset 1
                .with(full("x", "twice", 0), 1) // offset 11
                .with(full("x", "twice", 0), 1) // offset 21
                .with(full("y", "lost", 0), 2) // offset 31
                .refused(0, 7, "undecodable")
                .refused(3, 7, "null-value");
        rig.letters.addAll(List.of(
                new KnownLetter(3, 6, "other"),
                new KnownLetter(2, 21, "other"),
                new KnownLetter(1, 11, "not-stored-in-time"),
                new KnownLetter(0, 7, "undecodable"),
                new KnownLetter(0, 1, "refused-by-store"),
                new KnownLetter(0, 1, "refused-by-store")));

        AuditReport report = rig.run(AuditDepth.CHECKSUMS);

        assertThat(report.count(Outcome.DEAD_LETTERED)).isEqualTo(3);
        assertThat(report.repeats()).isOne();
        assertThat(rig.problems()).hasSize(2);
        assertThat(rig.problems()).anySatisfy(lost -> {
            assertThat(lost.code()).isEqualTo("missing");
            assertThat(lost.place()).contains(new CapturePlace(2, 30, 31));
        });
        assertThat(rig.problems()).anySatisfy(bad -> {
            assertThat(bad.code()).isEqualTo("not-dead-lettered");
            assertThat(bad.place()).contains(new CapturePlace(3, 7, 7));
            assertThat(bad.detail()).isEqualTo("null-value");
        });
        assertThat(report.partitions().keySet()).containsExactly(0, 1, 2, 3);
    }

    /** A worker stores it after the listing has gone by, while the letters are read. */
    @Test
    void looksOnceMoreBeforeItSaysThatSomethingIsMissing() {
        store(ALL.subList(0, 3));
        AuditRig rig = rig().with(ALL);
        rig.diskQueues = name -> {
            throw new IllegalStateException("nothing has to be looked for there");
        };

        AuditReport report = rig.run(AuditDepth.CHECKSUMS, letters -> store(ALL));

        assertThat(report.isClean()).isTrue();
        assertThat(report.count(Outcome.STORED)).isEqualTo(ALL.size());
    }

    @Test
    void repairsWhatIsMissingAndLeavesAloneWhatIsAltered() {
        store(ALL);
        StepCapture altered = ALL.get(3);
        Damage.SCREENSHOT_ALTERED.befall(objects(), keysOf(altered));
        Damage.PAGE_GONE.befall(objects(), keysOf(ALL.get(0)));
        Damage.COMMIT_RECORD_GONE.befall(objects(), keysOf(ALL.get(1)));
        Damage.ALL_GONE.befall(objects(), keysOf(VICTIM));
        AuditRig rig = rig().with(ALL)
                .with(full("unlucky", "step", 0), 0)
                .with(VICTIM, 2)
                .with(ALL.get(2), 1);
        List<CapturePlace> asked = new ArrayList<>();
        rig.repairer = Optional.of(captures -> captures.forEachRemaining(missing -> {
            asked.add(missing.place());
            assertThat(AuditedCapture.of(rig.captureAt(missing.place()), missing.place(), rig.policy)
                            .name())
                    .isEqualTo(missing.name());
            if (!missing.name().sessionId().equals("unlucky")) {
                store(List.of(rig.captureAt(missing.place())));
            }
        }));

        AuditReport report = rig.run(AuditDepth.CONTENT);

        assertThat(asked).isSorted().hasSize(4);
        assertThat(asked).contains(new CapturePlace(2, 100, 101));
        assertThat(report.count(Outcome.REPAIRED)).isEqualTo(3);
        assertThat(report.count(Outcome.DIFFERING)).isOne();
        assertThat(report.count(Outcome.MISSING)).isOne();
        assertThat(report.count(Outcome.STORED)).isEqualTo(ALL.size() - 4);

        rig.repairer = Optional.empty();
        AuditReport again = rig.run(AuditDepth.CONTENT);
        assertThat(again.count(Outcome.STORED)).isEqualTo(ALL.size() - 1);
        assertThat(rig.problems()).hasSize(2);
    }

    @Test
    void anEmptyRangeOfAnEmptyStoreIsClean() {
        AuditReport report = rig().run(AuditDepth.CONTENT);

        assertThat(report.isClean()).isTrue();
        assertThat(report.partitions()).isEmpty();
        assertThat(report.mostWorkBytes()).isZero();
    }
}
