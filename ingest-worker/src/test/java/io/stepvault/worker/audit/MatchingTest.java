package io.stepvault.worker.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.Revision;
import io.stepvault.storage.StoredObject;
import io.stepvault.storage.StoredRevision;
import io.stepvault.worker.audit.sort.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MatchingTest {
    /** What a matching says, as text. */
    private static final class Told implements Matching.Output {
        private final Set<String> missing = new TreeSet<>();
        private final Set<String> both = new TreeSet<>();
        private final Set<String> notInRange = new TreeSet<>();

        @Override
        public void notListed(CapturedRevision capture) {
            assertThat(missing.add(capture.name().path())).isTrue();
        }

        @Override
        public void listed(CapturedRevision capture, StoredRevision stored) {
            assertThat(RevisionName.of(stored)).isEqualTo(capture.name());
            assertThat(both.add(capture.name().path())).isTrue();
        }

        @Override
        public void notInRange(StoredRevision stored) {
            assertThat(notInRange.add(RevisionName.of(stored).path())).isTrue();
        }
    }

    @Property(tries = 300)
    void saysOfEachNameWhereItIs(
            @ForAll("captures") List<AuditedCapture> captures, @ForAll("names") Set<RevisionName> stored) {
        Told told = new Told();
        Matching matching = new Matching(new CaptureGroups(sorted(captures).iterator()), told);

        // in the order of the keys' bytes, as a store lists
        stored.stream()
                .sorted(Comparator.comparing(name -> "sessions/" + name + "/step.json"))
                .forEach(name -> matching.stored(stored(name)));
        matching.end();

        Set<String> captured =
                captures.stream().map(capture -> capture.name().path()).collect(Collectors.toSet());
        Set<String> there = stored.stream().map(RevisionName::path).collect(Collectors.toSet());
        assertThat(told.missing).isEqualTo(minus(captured, there));
        assertThat(told.notInRange).isEqualTo(minus(there, captured));
        assertThat(told.both).isEqualTo(minus(captured, told.missing));
    }

    @Property(tries = 200)
    void saysTheSameSessionBySession(
            @ForAll("captures") List<AuditedCapture> captures, @ForAll("names") Set<RevisionName> stored) {
        Told told = new Told();
        Matching matching = new Matching(new CaptureGroups(sorted(captures).iterator()), told);

        for (var session = matching.nextSession(); session.isPresent(); session = matching.nextSession()) {
            String id = session.get();
            stored.stream()
                    .filter(name -> name.sessionId().equals(id))
                    .sorted()
                    .forEach(name -> matching.stored(stored(name)));
            matching.endOf(id);
        }

        Set<String> captured =
                captures.stream().map(capture -> capture.name().path()).collect(Collectors.toSet());
        Set<String> there = stored.stream().map(RevisionName::path).collect(Collectors.toSet());
        assertThat(told.missing).isEqualTo(minus(captured, there));
        assertThat(told.both).isEqualTo(minus(captured, told.missing));
    }

    @Property(tries = 300)
    void putsRepeatsTogetherAndLosesNone(@ForAll("captures") List<AuditedCapture> captures) {
        List<CapturedRevision> groups = new ArrayList<>();
        new CaptureGroups(sorted(captures).iterator()).forEachRemaining(groups::add);

        assertThat(groups.stream().map(group -> group.name().path()))
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(groups.stream().mapToLong(CapturedRevision::count).sum()).isEqualTo(captures.size());
        assertThat(groups.stream()
                        .flatMap(group -> group.places().stream())
                        .sorted()
                        .toList())
                .isEqualTo(captures.stream().map(AuditedCapture::place).sorted().toList());
        assertThat(groups).allMatch(group -> group.capture().place().equals(Collections.max(group.places())));
    }

    @Property(tries = 300)
    void entriesSortByNameThenPlaceAndKeepAll(@ForAll("captures") List<AuditedCapture> captures) {
        List<Entry> entries =
                captures.stream().map(CaptureForm.INSTANCE::write).sorted().toList();

        assertThat(entries.stream().map(CaptureForm.INSTANCE::read)).isEqualTo(sorted(captures));
    }

    @Test
    void refusesAListingOutOfOrder() {
        Matching matching = new Matching(Collections.emptyIterator(), new Told());
        matching.stored(stored(name("b", "step", 0)));

        assertThatThrownBy(() -> matching.stored(stored(name("a", "step", 0))))
                .isInstanceOf(UnorderedListingException.class)
                .hasMessageContaining("b/steps/step")
                .hasMessageContaining("lists in order");
    }

    /** Whoever makes two captures of the same name must not hide one behind the other. */
    @Test
    void capturesWhoseNamesCollideAreBothTold() {
        List<String> told = new ArrayList<>();
        AuditedCapture one = capture(name("s", "step", 0), new CapturePlace(0, 1, 1), 1);
        AuditedCapture other = capture(name("s", "step", 0), new CapturePlace(0, 2, 2), 2);
        Matching matching = new Matching(new CaptureGroups(List.of(one, other).iterator()), new Matching.Output() {
            @Override
            public void notListed(CapturedRevision capture) {
                told.add("missing");
            }

            @Override
            public void listed(CapturedRevision capture, StoredRevision stored) {
                told.add(capture.capture().commitSha256().substring(62));
            }

            @Override
            public void notInRange(StoredRevision stored) {
                told.add("not in range");
            }
        });

        matching.stored(stored(name("s", "step", 0)));
        matching.end();

        assertThat(told).containsExactly("01", "02");
    }

    @Provide
    Arbitrary<Set<RevisionName>> names() {
        return name().set().ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<AuditedCapture>> captures() {
        Arbitrary<Integer> partition = Arbitraries.integers().between(0, 2);
        return Combinators.combine(name(), partition)
                .as((name, number) -> capture(name, new CapturePlace(number, 0, 0), 0))
                .list()
                .ofMaxSize(15)
                .map(MatchingTest::numbered);
    }

    private static List<AuditedCapture> numbered(List<AuditedCapture> captures) {
        List<AuditedCapture> numbered = new ArrayList<>();
        for (AuditedCapture capture : captures) {
            long offset = 7L * numbered.size();
            numbered.add(capture.at(new CapturePlace(capture.place().partition(), offset, offset + 3)));
        }
        return numbered;
    }

    private static Arbitrary<RevisionName> name() {
        Arbitrary<String> id = Arbitraries.of("a", "a-b", "a.b", "a b", "ab", "ä", "a/b", "b");
        return Combinators.combine(id, id, Arbitraries.integers().between(0, 2)).as(MatchingTest::name);
    }

    private static RevisionName name(String session, String step, int second) {
        return new RevisionName(session, step, new Revision(Instant.EPOCH.plusSeconds(second), "0123456789abcdef"));
    }

    private static AuditedCapture capture(RevisionName name, CapturePlace place, int content) {
        return new AuditedCapture(
                name,
                place,
                "0".repeat(62) + HexFormat.of().toHexDigits((byte) content),
                100,
                content % 2 == 1,
                List.of(new AuditedArtifact("page.html", 17, "f".repeat(64), -5)));
    }

    private static List<AuditedCapture> sorted(List<AuditedCapture> captures) {
        return captures.stream()
                .sorted(Comparator.comparing(AuditedCapture::name).thenComparing(AuditedCapture::place))
                .toList();
    }

    private static StoredRevision stored(RevisionName name) {
        return new StoredRevision(
                name.sessionId(),
                name.stepId(),
                name.revision(),
                List.of(new StoredObject("step.json", 100, Instant.EPOCH)));
    }

    private static Set<String> minus(Set<String> from, Set<String> what) {
        Set<String> left = new TreeSet<>(from);
        left.removeAll(what);
        return left;
    }
}
