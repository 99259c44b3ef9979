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
        Comparison comparison = new Comparison();
        captures.published()
                .forEach((step, times) -> comparison.capture(
                        step,
                        times,
                        captures.differences().getOrDefault(step, List.of()),
                        captures.completed().getOrDefault(step, 0)));
        captures.completed().forEach((step, count) -> {
            if (!captures.published().containsKey(step)) {
                comparison.strangeCompletion(step, count);
            }
        });
        poison.published()
                .forEach((text, times) ->
                        comparison.poison(text, times, poison.deadLettered().getOrDefault(text, 0)));
        poison.deadLettered().forEach((text, count) -> {
            if (!poison.published().containsKey(text)) {
                comparison.strangeDeadLetter(text, count);
            }
        });
        return new Account(
                comparison.captures,
                comparison.stored,
                sum(captures.completed()),
                sum(poison.deadLettered()),
                comparison.wrongs());
    }

    private static long sum(Map<?, Integer> counts) {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** Takes one after the other, and sums up. Used by one thread. */
    private static final class Comparison {
        private final List<String> lines = new ArrayList<>();
        private long captures;
        private long stored;
        private long losses;
        private long uncompleted;
        private long duplicates;
        private long poisonLost;

        void capture(StepRevision step, Published.Times times, List<String> differences, int completed) {
            captures += times.acknowledged() > 0 ? 1 : 0;
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

        void strangeCompletion(StepRevision step, int count) {
            duplicates += count;
            lines.add("DUPLICATE  " + name(step) + ": completed, though nobody published it");
        }

        void poison(String text, Published.Times times, int deadLetters) {
            if (deadLetters < times.acknowledged()) {
                poisonLost += times.acknowledged() - deadLetters;
                lines.add("LOST  " + text + ": not on the dead-letter topic");
            } else if (deadLetters > times.most()) {
                duplicates += deadLetters - times.most();
                lines.add("DUPLICATE  " + text + ": dead-lettered " + deadLetters + " times");
            }
        }

        void strangeDeadLetter(String text, int count) {
            losses += count;
            lines.add("LOST  a record that is no poison was dead-lettered: " + text);
        }

        Wrongs wrongs() {
            return new Wrongs(losses, uncompleted, duplicates, poisonLost, List.copyOf(lines));
        }

        private static String name(StepRevision step) {
            return "session " + step.sessionId() + ", step " + step.stepId() + ", revision " + step.revision();
        }
    }
}
