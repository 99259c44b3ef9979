package io.stepvault.storage;

import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.UnfinishedUpload;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Counts what a store holds. For one thread. */
final class Survey {
    private final Sweep sweep;
    private final ObjectsLayout layout;
    private final Clock clock;
    private long count;
    private Optional<Instant> first = Optional.empty();

    Survey(Sweep sweep, ObjectsLayout layout, Clock clock) {
        this.sweep = sweep;
        this.layout = layout;
        this.clock = clock;
    }

    LifecycleState state(Optional<LifecyclePolicy> policy) {
        Optional<LocalDate> firstKept = policy.flatMap(known -> known.firstKeptDay(clock.instant()));
        List<LocalDate> days = sweep.days(layout);
        long listed = 0;
        long expired = 0;
        for (LocalDate day : days) {
            long sessions = count(layout.day(day));
            listed += sessions;
            expired += firstKept.filter(day::isBefore).isPresent() ? sessions : 0;
        }
        OptionalLong uploads = countUploads();
        return new LifecycleState(
                policy,
                days.stream().findFirst(),
                days.isEmpty() ? Optional.empty() : Optional.of(days.get(days.size() - 1)),
                days.size(),
                listed,
                expired,
                count(layout.tombstones()),
                count(layout.removals()),
                uploads,
                first);
    }

    private long count(String prefix) {
        count = 0;
        sweep.forEach(prefix, object -> count++);
        return count;
    }

    private OptionalLong countUploads() {
        count = 0;
        try {
            sweep.forEachUpload(layout.root(), this::add);
        } catch (StoreAccessException e) {
            // A right of its own, which nobody needs for anything else.
            return OptionalLong.empty();
        }
        return OptionalLong.of(count);
    }

    private void add(UnfinishedUpload upload) {
        count++;
        first = first.filter(upload.begunAt()::isAfter).or(() -> Optional.of(upload.begunAt()));
    }
}
