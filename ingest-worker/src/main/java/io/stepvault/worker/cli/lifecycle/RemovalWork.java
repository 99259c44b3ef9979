package io.stepvault.worker.cli.lifecycle;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.capture.IdCodec;
import io.stepvault.storage.LifecycleListener;
import io.stepvault.storage.Removed;
import io.stepvault.storage.SessionLifecycle;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.UnfinishedUpload;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Confirmation;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Progress;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Removes things as a command should: lists them in a dry run; else looks what would go and asks, unless told not to;
 * then removes them, showing how far it is, and says what it did. Used once, by one thread.
 */
final class RemovalWork {
    private static final int MAX_NAMED = 20;

    private final Console console;
    private final Confirmation confirmation;
    private final RemovalOptions options;
    private final SessionLifecycle lifecycle;

    /** Removals, each with what it is called, in the order in which they are done. */
    @FunctionalInterface
    interface Work extends Function<SessionLifecycle, Map<String, Removed>> {}

    RemovalWork(Console console, Confirmation confirmation, RemovalOptions options, SessionLifecycle lifecycle) {
        this.console = console;
        this.confirmation = confirmation;
        this.options = options;
        this.lifecycle = lifecycle;
    }

    /** A single removal. */
    static Work only(Function<SessionLifecycle, Removed> removal) {
        return lifecycle -> Map.of("", removal.apply(lifecycle));
    }

    /** Must be called before anything is opened: nobody waits for a question that cannot be asked. */
    static void refuseUnasked(RemovalOptions options, Confirmation confirmation) {
        if (!options.dryRun() && !options.yes() && !confirmation.isPossible()) {
            throw CommandFailure.usage("there is no terminal to ask on; add --yes, or --dry-run to see what would go");
        }
    }

    /** Removes what there is; there is nothing to ask if there is nothing. */
    int run(Work work) {
        return run(work, false);
    }

    /** The same, also if there is nothing to remove: for what has a meaning all the same. */
    int runAnyway(Work work) {
        return run(work, true);
    }

    private int run(Work work, boolean anyway) {
        if (options.dryRun()) {
            Map<String, Removed> would = work.apply(lifecycle.dryRun(new Listing()));
            tell(would, "would remove ", "; nothing was removed");
            return ExitCode.DONE;
        }
        Optional<Removed> planned = Optional.empty();
        if (!options.yes()) {
            planned = Optional.of(plan(work));
            if (isNothing(planned.get()) && !anyway) {
                console.note("nothing to remove in " + lifecycle.location());
                return ExitCode.DONE;
            }
            if (!confirmation.ask(console, "Remove " + amount(planned.get()) + " from " + lifecycle.location() + "?")) {
                console.note("nothing was removed");
                return ExitCode.DONE;
            }
        }
        remove(work, planned.orElse(new Removed(0, 0)));
        return ExitCode.DONE;
    }

    private Removed plan(Work work) {
        try (Shown shown = new Shown("objects found", new Removed(0, 0), true)) {
            return total(work.apply(lifecycle.dryRun(shown)));
        }
    }

    private void remove(Work work, Removed planned) {
        Shown shown = new Shown("objects", planned, options.yes());
        Map<String, Removed> removed;
        try (shown) {
            removed = work.apply(lifecycle.telling(shown));
        } catch (RuntimeException e) {
            shown.close();
            if (!isNothing(shown.removed)) {
                console.note("removed " + amount(shown.removed) + " before this; run it again to go on");
            }
            throw e;
        }
        tell(removed, "removed ", "");
    }

    private void tell(Map<String, Removed> parts, String did, String after) {
        Removed total = total(parts);
        if (options.json()) {
            console.json(fields -> {
                fields.writeBooleanField("dry_run", options.dryRun());
                write(fields, total);
                if (parts.size() > 1) {
                    for (Map.Entry<String, Removed> part : parts.entrySet()) {
                        fields.writeObjectFieldStart(part.getKey());
                        write(fields, part.getValue());
                        fields.writeEndObject();
                    }
                }
            });
            return;
        }
        if (parts.size() > 1) {
            parts.forEach((name, part) -> console.note(name.replace('_', ' ') + ": " + amount(part)));
        }
        String line = did + amount(total) + after;
        if (options.dryRun()) {
            console.note(line);
        } else {
            console.line(line);
        }
        if (total.held() > 0) {
            console.note("left alone because they are held: " + Amounts.count(total.held(), "session"));
        }
    }

    private static Removed total(Map<String, Removed> parts) {
        return parts.values().stream().reduce(new Removed(0, 0), Removed::plus);
    }

    private static boolean isNothing(Removed removed) {
        return removed.objects() == 0 && removed.uploads() == 0;
    }

    private static String amount(Removed removed) {
        return Amounts.count(removed.objects(), "object")
                + (removed.uploads() > 0 ? " and " + Amounts.count(removed.uploads(), "unfinished upload") : "")
                + ", " + Amounts.bytes(removed.bytes());
    }

    private static void write(JsonGenerator fields, Removed removed) throws IOException {
        fields.writeNumberField("objects", removed.objects());
        fields.writeNumberField("uploads", removed.uploads());
        fields.writeNumberField("bytes", removed.bytes());
        fields.writeNumberField("held", removed.held());
    }

    /** Prints what would go, as it is found. */
    private final class Listing implements LifecycleListener {
        private final HeldNames held = new HeldNames();

        @Override
        public void removed(ObjectInfo object) {
            print(object.key(), object.size(), "object");
        }

        @Override
        public void aborted(UnfinishedUpload upload, long bytes) {
            print(upload.key(), bytes, "upload");
        }

        private void print(String key, long bytes, String kind) {
            if (options.json()) {
                console.json(fields -> {
                    fields.writeStringField("key", key);
                    fields.writeNumberField("bytes", bytes);
                    fields.writeStringField("kind", kind);
                });
            } else {
                console.line(String.format("%10s  %s", Amounts.bytes(bytes), key)
                        + (kind.equals("upload") ? "  (unfinished upload)" : ""));
            }
        }

        @Override
        public void held(String sessionId, String why) {
            held.add(sessionId, why);
        }
    }

    /** Shows how far it is. */
    private final class Shown implements LifecycleListener, AutoCloseable {
        private final ProgressDisplay display = new ProgressDisplay(console);
        private final Instant start = console.clock().instant();
        private final HeldNames held = new HeldNames();
        private final String noun;
        private final Removed planned;
        private final boolean namesHeld;
        private Removed removed = new Removed(0, 0);

        Shown(String noun, Removed planned, boolean namesHeld) {
            this.noun = noun;
            this.planned = planned;
            this.namesHeld = namesHeld;
        }

        @Override
        public void removed(ObjectInfo object) {
            add(new Removed(1, object.size()));
        }

        @Override
        public void aborted(UnfinishedUpload upload, long bytes) {
            add(new Removed(0, 1, bytes, 0));
        }

        private void add(Removed more) {
            removed = removed.plus(more);
            Duration elapsed = Duration.between(start, console.clock().instant());
            display.update(new Progress(
                    noun,
                    removed.objects() + removed.uploads(),
                    planned.objects() + planned.uploads(),
                    removed.bytes(),
                    planned.bytes(),
                    elapsed));
        }

        @Override
        public void held(String sessionId, String why) {
            if (namesHeld) {
                display.close();
                held.add(sessionId, why);
            }
        }

        @Override
        public void close() {
            display.close();
        }
    }

    /** Names the first sessions that are left alone; all are counted elsewhere. */
    private final class HeldNames {
        private int named;

        void add(String sessionId, String why) {
            named++;
            if (named <= MAX_NAMED) {
                console.note("held: session " + IdCodec.encode(sessionId) + ", " + why);
            } else if (named == MAX_NAMED + 1) {
                console.note("held: more, which are counted and not named");
            }
        }
    }
}
