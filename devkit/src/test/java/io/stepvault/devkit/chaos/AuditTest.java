package io.stepvault.devkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.devkit.readback.StepRevision;
import io.stepvault.devkit.readback.TamperingStore;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
    private static final int CAPTURES = 70;

    private final CaptureSource source = new CaptureSource(1, Instant.parse("2026-11-20T12:00:00Z"));
    private final Published published = new Published();
    private final Map<StepRevision, Integer> completed = new HashMap<>();
    private final StepStore store;

    AuditTest(@TempDir Path directory) {
        store = StepStore.open(directory.toUri());
        LongStream.range(0, CAPTURES).forEach(number -> {
            published.capture(number, Published.Times.ONCE);
            completed.put(StepRevision.of(source.capture(number)), 1);
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void storeAllBut(long missing) {
        List<StepCapture> captures = LongStream.range(0, CAPTURES)
                .filter(number -> number != missing)
                .mapToObj(source::capture)
                .toList();
        store.store(captures);
    }

    @Test
    void findsAllThatWasStored() throws Exception {
        storeAllBut(-1);

        Account account = new Audit(source, store).of(published, completed, Map.of());

        assertThat(account.wrongs().lines()).isEmpty();
        assertThat(account.stored()).isEqualTo(CAPTURES);
    }

    @Test
    void seesWhatIsMissing() throws Exception {
        storeAllBut(33);

        Account account = new Audit(source, store).of(published, completed, Map.of());

        assertThat(account.wrongs().losses()).isOne();
        assertThat(account.wrongs().lines())
                .singleElement()
                .asString()
                .startsWith("LOST  ")
                .contains(source.capture(33).getSessionId(), "not in the store");
    }

    @Test
    void seesWhatWasTamperedWith() throws Exception {
        storeAllBut(-1);
        String step = source.capture(CAPTURES - 1).getStepId();
        long tampered = LongStream.range(0, CAPTURES)
                .filter(number -> source.capture(number).getStepId().equals(step))
                .count();

        Account account = new Audit(source, new TamperingStore(store, step)).of(published, completed, Map.of());

        assertThat(account.wrongs().losses()).isEqualTo(tampered);
        assertThat(account.stored()).isEqualTo(CAPTURES - tampered);
    }

    @Test
    void seesACompletionThatWasLostAndOneThatCameTwice() throws Exception {
        storeAllBut(-1);
        completed.remove(StepRevision.of(source.capture(5)));
        completed.put(StepRevision.of(source.capture(6)), 2);

        Account account = new Audit(source, store).of(published, completed, Map.of());

        assertThat(account.wrongs().uncompleted()).isOne();
        assertThat(account.wrongs().duplicates()).isOne();
    }
}
