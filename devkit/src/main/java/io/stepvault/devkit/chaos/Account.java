package io.stepvault.devkit.chaos;

import io.stepvault.devkit.readback.StepRevision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What became of everything that was published. Immutable; safe for any thread.
 *
 * @param captures that the brokers have, each counted once
 * @param stored captures that the store gives back as they were published
 * @param completions of captures, as a {@code read_committed} consumer counts them
 * @param deadLetters records on the dead-letter topic
 * @param wrongs what is not as it should be
 */
record Account(long captures, long stored, long completions, long deadLetters, Wrongs wrongs) {
    /**
     * What is not as it should be.
     *
     * @param losses captures that the store does not give back as they were published
     * @param uncompleted completions that never came
     * @param duplicates completions, and dead letters, too many
     * @param poisonLost records that nobody can decode, and that are not on the dead-letter topic
     * @param lines one for each of these
     */
    record Wrongs(long losses, long uncompleted, long duplicates, long poisonLost, List<String> lines) {}

    /**
     * What was published, and what of it can be seen.
     *
     * @param published how often each capture was
     * @param differences of each capture that was, what the store gives back in another form; empty if nothing
     * @param completed how often each revision was
     */
    record Captures(
            Map<StepRevision, Published.Times> published,
            Map<StepRevision, List<String>> differences,
            Map<StepRevision, Integer> completed) {}

    /**
     * The same for poison.
     *
     * @param published how often each text was
     * @param deadLettered how often each text was
     */
    record Poison(Map<String, Published.Times> published, Map<String, Integer> deadLettered) {}

    /** Compares. What was published without an acknowledgement may be there or not, but not in part. */
    static Account of(Captures captures, Poison poison) {
        List<String> lines = new ArrayList<>();
        long certain = 0;
        long stored = 0;
        long losses = 0;
        long uncompleted = 0;
        long duplicates = 0;
        for (Map.Entry<StepRevision, Published.Times> one : captures.published().entrySet()) {
            StepRevision step = one.getKey();
            Published.Times times = one.getValue();
            int completed = captures.completed().getOrDefault(step, 0);
            List<String> differences = captures.differences().getOrDefault(step, List.of());
            certain += times.acknowledged() > 0 ? 1 : 0;
            if (differences.isEmpty()) {
                stored++;
            } else if (times.acknowledged() > 0 || completed > 0) {
                losses++;
                differences.forEach(line -> lines.add("LOST  " + line));
            }
            if (completed < times.acknowledged()) {
                uncompleted += times.acknowledged() - completed;
                lines.add("NOT COMPLETED  " + name(step) + ": published " + times.acknowledged() + " times, completed "
                        + completed);
            } else if (completed > times.most()) {
                duplicates += completed - times.most();
                lines.add(
                        "DUPLICATE  " + name(step) + ": published " + times.most() + " times, completed " + completed);
            }
        }
        for (Map.Entry<StepRevision, Integer> one : captures.completed().entrySet()) {
            if (!captures.published().containsKey(one.getKey())) {
                duplicates += one.getValue();
                lines.add("DUPLICATE  " + name(one.getKey()) + ": completed, though nobody published it");
            }
        }
        long poisonLost = 0;
        for (Map.Entry<String, Published.Times> one : poison.published().entrySet()) {
            int letters = poison.deadLettered().getOrDefault(one.getKey(), 0);
            if (letters < one.getValue().acknowledged()) {
                poisonLost += one.getValue().acknowledged() - letters;
                lines.add("LOST  " + one.getKey() + ": not on the dead-letter topic");
            } else if (letters > one.getValue().most()) {
                duplicates += letters - one.getValue().most();
                lines.add("DUPLICATE  " + one.getKey() + ": dead-lettered " + letters + " times");
            }
        }
        for (Map.Entry<String, Integer> one : poison.deadLettered().entrySet()) {
            if (!poison.published().containsKey(one.getKey())) {
                losses += one.getValue();
                lines.add("LOST  a record that is no poison was dead-lettered: " + one.getKey());
            }
        }
        return new Account(
                certain,
                stored,
                sum(captures.completed()),
                sum(poison.deadLettered()),
                new Wrongs(losses, uncompleted, duplicates, poisonLost, List.copyOf(lines)));
    }

    private static long sum(Map<?, Integer> counts) {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    private static String name(StepRevision step) {
        return "session " + step.sessionId() + ", step " + step.stepId() + ", revision " + step.revision();
    }
}
