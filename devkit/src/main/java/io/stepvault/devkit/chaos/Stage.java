package io.stepvault.devkit.chaos;

import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** A bed under a load and under watch: waits for things to happen, and says meanwhile how far they are. */
final class Stage {
    private static final Duration PROGRESS = Duration.ofSeconds(5);

    private final ChaosBed bed;
    private final Load load;
    private final CompletionFlow flow;
    private final Watch watch;
    private final Console console;
    private Duration nextProgress = PROGRESS;

    Stage(ChaosBed bed, Load load, CompletionFlow flow, Watch watch, Console console) {
        this.bed = bed;
        this.load = load;
        this.flow = flow;
        this.watch = watch;
        this.console = console;
    }

    ChaosBed bed() {
        return bed;
    }

    Load load() {
        return load;
    }

    CompletionFlow flow() {
        return flow;
    }

    Watch watch() {
        return watch;
    }

    /** Says whether it came to that in time. Every worker must run meanwhile, but for those that were asked to end. */
    boolean await(String what, Duration timeout, Predicate<Sample> condition) throws InterruptedException {
        Duration deadline = watch.elapsed().plus(timeout);
        while (watch.elapsed().compareTo(deadline) < 0) {
            Sample sample = watch.awaitNext();
            progress();
            requireRunning();
            if (condition.test(sample)) {
                return true;
            }
        }
        say("gave up waiting for " + what);
        return false;
    }

    /** Lets time pass. */
    void waitFor(Duration time) throws InterruptedException {
        Duration end = watch.elapsed().plus(time);
        while (watch.elapsed().compareTo(end) < 0) {
            watch.awaitNext();
            progress();
        }
    }

    private void requireRunning() {
        List<WorkerProcess> workers = bed.workers();
        for (int number = 1; number <= workers.size(); number++) {
            WorkerProcess worker = workers.get(number - 1);
            if (!worker.isRunning() && !worker.hasLeft()) {
                throw new IllegalStateException("worker " + number + " has ended by itself");
            }
        }
    }

    /** Whether nothing waits, neither on the topic nor with a worker that runs. */
    boolean isQuiet(Sample sample) {
        return sample.lag().equals(Optional.of(0L))
                && sample.workers().held() == 0
                && sample.workers().answering()
                        == bed.workers().stream()
                                .filter(WorkerProcess::isRunning)
                                .count();
    }

    /** Says how far it is, now and then. */
    void progress() {
        List<Sample> samples = watch.samples();
        if (watch.elapsed().compareTo(nextProgress) < 0 || samples.isEmpty()) {
            return;
        }
        nextProgress = watch.elapsed().plus(PROGRESS);
        Sample last = samples.get(samples.size() - 1);
        say(load.published().captures().size() + " captures published, " + flow.steps() + " completed, lag "
                + last.lag().map(lag -> Long.toString(lag)).orElse("unknown") + ", on disk "
                + Amounts.bytes(last.workers().spoolBytes()) + ", paused "
                + last.workers().paused() + ", members "
                + last.members().map(count -> Integer.toString(count)).orElse("unknown"));
    }

    /** A line beside the result, with the time. Safe for any thread. */
    void say(String text) {
        console.note(String.format(Locale.ROOT, "%7.1f s  %s", watch.elapsed().toMillis() / 1_000.0, text));
    }
}
