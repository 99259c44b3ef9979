package io.stepvault.worker.spool.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.CaptureObjects;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.worker.Captures;
import io.stepvault.worker.spool.BatchOrigin;
import io.stepvault.worker.spool.SpoolEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.TopicPartition;

class SpoolIndexTest {
    private static final BatchOrigin ORIGIN = new BatchOrigin("cluster", "topic", new TopicPartition("captures", 0));

    /** A capture of a session's step, in a file; or the removal of that file. */
    record Move(boolean adds, int file, int session, int step, int day) {}

    @Property(tries = 200)
    void listsAsAStoreWouldThatHasTheCaptures(
            @ForAll("moves") List<Move> moves,
            @ForAll("requests") ListRequest request,
            @ForAll @IntRange(min = 1, max = 7) int max) {
        SpoolIndex index = new SpoolIndex();
        Map<String, List<List<PutRequest>>> files = new HashMap<>();
        for (Move move : moves) {
            String file = "file-" + move.file();
            index.remove(file);
            files.remove(file);
            if (move.adds()) {
                List<PutRequest> objects = objects(move);
                index.add(file, List.of(new SpooledRevision(entry(file), 0, objects)));
                files.put(file, List.of(objects));
            }
        }

        List<String> listed =
                listing(new ListRequest(request.prefix(), request.byDirectory(), request.startAfter(), max), index);

        InMemoryObjectStore store = new InMemoryObjectStore();
        files.values()
                .forEach(captures -> captures.forEach(
                        objects -> objects.forEach(object -> store.put(object).join())));
        assertThat(listed).isEqualTo(listing(request, store));
        for (ObjectInfo object : store.list(ListRequest.of("")).objects()) {
            assertThat(index.info(object.key()).map(ObjectInfo::size)).contains(object.size());
            assertThat(index.revision(object.key()).isPresent())
                    .isEqualTo(object.key().startsWith("sessions/"));
        }
    }

    private static List<PutRequest> objects(Move move) {
        return CaptureObjects.of(Captures.aStep("s" + move.session(), "step/" + move.step())
                .setCapturedAt(Instant.parse("2026-11-20T08:00:00Z").plusSeconds(86_400L * move.day()))
                .setScreenshot(Captures.screenshot(10 + move.step()))
                .build());
    }

    private static SpoolEntry entry(String file) {
        return new SpoolEntry(file, 0, 100, ORIGIN, "s", 1, 0, List.of(0L), Instant.EPOCH);
    }

    private static List<String> listing(ListRequest request, SpoolIndex index) {
        return listing(request, index::list);
    }

    private static List<String> listing(ListRequest request, InMemoryObjectStore store) {
        return listing(request, store::list);
    }

    private static List<String> listing(ListRequest first, Function<ListRequest, ObjectPage> list) {
        List<String> listed = new ArrayList<>();
        Optional<ListRequest> request = Optional.of(first);
        while (request.isPresent()) {
            ObjectPage page = list.apply(request.get());
            page.objects().forEach(object -> listed.add(object.key() + " " + object.size()));
            listed.addAll(page.prefixes());
            request = page.next(request.get());
        }
        listed.sort(String::compareTo);
        return listed;
    }

    @Provide
    Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.of(true, true, true, false),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 2))
                .as(Move::new)
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<ListRequest> requests() {
        Arbitrary<String> prefix = Arbitraries.of(
                "",
                "days/",
                "days/2026-11-20/",
                "deleted/",
                "sessions/",
                "sessions/s1/steps/",
                "sessions/s1/steps/step%2F0/");
        return Combinators.combine(
                        prefix, Arbitraries.of(true, false), Arbitraries.of("", "s1", "s1/steps/step%2F1", "~"))
                .as((under, byDirectory, after) -> new ListRequest(
                        under,
                        byDirectory,
                        after.isEmpty() ? Optional.empty() : Optional.of(under + after),
                        ListRequest.MAX_PAGE));
    }
}
