package io.stepvault.worker;

import io.stepvault.wire.WriterSchemas;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A registry as a test plays it: there is none at first; once it is set up, what is asked for waits until it is answered. */
public final class ScriptedSchemas implements WriterSchemas {
    private boolean isSetUp;
    private final Map<Integer, Answer> known = new HashMap<>();
    private final Map<Integer, CompletableFuture<Answer>> asked = new LinkedHashMap<>();

    @Override
    public Answer find(int id) {
        return isSetUp
                ? known.getOrDefault(id, new Answer.NotYet("not asked", false))
                : WriterSchemas.none().find(id);
    }

    @Override
    public CompletableFuture<Answer> fetch(int id) {
        return asked.computeIfAbsent(id, key -> new CompletableFuture<>());
    }

    /** From now on there is one. */
    public void setUp() {
        isSetUp = true;
    }

    /** What is asked for and not answered. */
    public List<Integer> pending() {
        return List.copyOf(asked.keySet());
    }

    /** Answers what is asked for. An answer that says something is known from then on. */
    public void answer(int id, Answer answer) {
        if (!(answer instanceof Answer.NotYet)) {
            known.put(id, answer);
        }
        CompletableFuture<Answer> waiting = asked.remove(id);
        if (waiting != null) {
            waiting.complete(answer);
        }
    }
}
