package io.stepvault.worker.simulation;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.wire.WriterSchemas;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A schema registry with a few schemas, which may be down. */
final class SimulatedRegistry {
    static final int UNKNOWN = 99;
    private static final int SCHEMAS = 3;

    boolean isDown;

    static int anyKnown(Random random) {
        return 1 + random.nextInt(SCHEMAS);
    }

    /** As a process sees it that asks on a thread of its own: what it was told it remembers. */
    WriterSchemas seenThrough(Lane requests) {
        Map<Integer, WriterSchemas.Answer> told = new HashMap<>();
        return new WriterSchemas() {
            @Override
            public Answer find(int id) {
                return told.getOrDefault(id, new Answer.NotYet("not asked", false));
            }

            @Override
            public CompletableFuture<Answer> fetch(int id) {
                CompletableFuture<Answer> answer = new CompletableFuture<>();
                requests.execute(() -> {
                    if (isDown) {
                        answer.complete(new Answer.NotYet("down", false));
                    } else {
                        answer.complete(told.computeIfAbsent(id, SimulatedRegistry::answer));
                    }
                });
                return answer;
            }
        };
    }

    private static WriterSchemas.Answer answer(int id) {
        return id > SCHEMAS
                ? new WriterSchemas.Answer.Never(new Rejection(Reason.UNKNOWN_SCHEMA, "schema " + id + " is not known"))
                : new WriterSchemas.Answer.Known(ContractSchemas.stepCapture());
    }
}
