package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.PutRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Nothing beside the prefix is ever touched, whatever lies there and however much it looks like ours. */
class LifecycleNeighboursTest {
    private static final Instant OLD = NOON.minus(Duration.ofDays(30));

    @Property(tries = 300)
    void noRemovalTouchesWhatLiesBesideThePrefix(
            @ForAll("prefixes") String prefix,
            @ForAll("besides") List<String> besides,
            @ForAll("removals") Consumer<SessionLifecycle> removal) {
        SteppedClock clock = new SteppedClock(NOON);
        InMemoryObjectStore objects = new InMemoryObjectStore(clock, Runnable::run);
        StoreOptions options = TestStores.direct().withClock(clock);
        fill(objects, prefix, options);
        for (String beside : besides) {
            fill(objects, beside.replace("$", prefix), options);
        }
        for (String name : List.of("x", "policy.json", "deleted/session", "sessions/session/page.html")) {
            String key = prefix + "-" + name;
            objects.put(new PutRequest(key, "text/plain", ByteBuffer.wrap(new byte[] {1}), Map.of()))
                    .join();
            objects.put(new PutRequest("0/" + name, "text/plain", ByteBuffer.wrap(new byte[] {1}), Map.of()))
                    .join();
        }
        clock.advance(Duration.ofDays(9));
        SortedMap<String, String> before = outside(objects, prefix);

        removal.accept(new SessionLifecycle(objects, prefix, options));

        assertThat(outside(objects, prefix)).isEqualTo(before);
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.of("a", "a/b", "sessions", "days", "deleted", "a/sessions", "a.b");
    }

    /** Where other stores lie, seen from the prefix. */
    @Provide
    Arbitrary<List<String>> besides() {
        return Arbitraries.of("$b", "$.", "$2/$", "z", "A", "other/$", "$-")
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<Consumer<SessionLifecycle>> removals() {
        LifecyclePolicy policy = new LifecyclePolicy(OptionalInt.of(5), OptionalInt.of(1), List.of());
        return Arbitraries.of(
                lifecycle -> lifecycle.delete("session"),
                lifecycle -> lifecycle.deleteHeld("session"),
                lifecycle -> lifecycle.expire(
                        LocalDate.ofInstant(NOON, ZoneOffset.UTC).minusDays(2)),
                lifecycle -> lifecycle.keepLast(1),
                lifecycle -> lifecycle.clean(SessionLifecycle.MIN_GRACE),
                lifecycle -> {
                    lifecycle.writePolicy(policy);
                    lifecycle.apply(SessionLifecycle.MIN_GRACE);
                });
    }

    /** Steps that would expire, be too many, or be left over. */
    private static void fill(InMemoryObjectStore objects, String prefix, StoreOptions options) {
        StepStore store = new ObjectStepStore(objects, prefix, options);
        store.store(List.of(
                aStep().at(OLD).html("1").build(),
                aStep().at(OLD.plusSeconds(1)).html("2").build(),
                aStep().inSession("left").at(OLD).html("3").build(),
                aStep().called("half").at(OLD).html("4").build()));
        objects.contents().keySet().stream()
                .filter(key -> key.startsWith(prefix + "/") && key.contains("/half/") && key.endsWith("step.json"))
                .forEach(objects::delete);
        for (String name : List.of("deleted/left", "removing/2026-10-21/session/died")) {
            objects.put(new PutRequest(prefix + "/" + name, "text/plain", ByteBuffer.allocate(0), Map.of()))
                    .join();
        }
    }

    private static SortedMap<String, String> outside(InMemoryObjectStore objects, String prefix) {
        SortedMap<String, String> outside = new TreeMap<>();
        objects.contents().forEach((key, bytes) -> {
            if (!key.startsWith(prefix + "/")) {
                outside.put(key, new String(bytes, StandardCharsets.UTF_8));
            }
        });
        return outside;
    }
}
