package io.stepvault.worker.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The three topics, all on one cluster; no two are the same. Immutable; safe for any thread.
 *
 * @param captures {@code topic.captures}
 * @param completions {@code topic.completions}
 * @param deadLetters {@code topic.dead-letters}
 */
public record TopicsConfig(String captures, String completions, String deadLetters) {
    /** @throws ConfigException with every value that is not allowed */
    public TopicsConfig {
        new Problems()
                .check(WorkerKeys.TOPIC_CAPTURES, captures)
                .check(WorkerKeys.TOPIC_COMPLETIONS, completions)
                .check(WorkerKeys.TOPIC_DEAD_LETTERS, deadLetters)
                .addAll(sharedNames(captures, completions, deadLetters))
                .throwIfAny();
    }

    /** The worker would read its own output. */
    static List<Problem> sharedNames(String captures, String completions, String deadLetters) {
        List<Problem> problems = new ArrayList<>();
        if (completions.equals(captures)) {
            problems.add(new Problem(
                    WorkerKeys.TOPIC_COMPLETIONS.name(),
                    "'" + completions + "' is topic.captures too; the three topics must differ"));
        }
        if (Set.of(captures, completions.equals(captures) ? "" : completions).contains(deadLetters)) {
            problems.add(new Problem(
                    WorkerKeys.TOPIC_DEAD_LETTERS.name(),
                    "'" + deadLetters + "' is another topic's name too; the three topics must differ"));
        }
        return problems;
    }
}
