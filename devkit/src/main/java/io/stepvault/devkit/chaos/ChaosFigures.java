package io.stepvault.devkit.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts a report together from what was counted, seen and found. Stateless; safe for any thread. */
final class ChaosFigures {
    private ChaosFigures() {}

    /** @param quietAfter empty if it never became quiet */
    static ChaosReport report(
            ChaosReport.Of run,
            Stage stage,
            Happenings.Counts happened,
            Account account,
            Optional<OutageFindings> outage,
            Optional<Duration> quietAfter) {
        List<Figure> figures = new ArrayList<>();
        if (outage.isEmpty()) {
            figures.addAll(troubles(happened, stage.bed()));
        }
        outage.ifPresent(findings -> figures.addAll(findings.figures()));
        figures.addAll(accounts(stage.load().published(), account));
        figures.addAll(strain(stage));
        quietAfter.ifPresent(time -> figures.add(Figure.time("quiet_after", "All was quiet after", time)));

        List<String> wrongs = new ArrayList<>(account.wrongs().lines());
        if (quietAfter.isEmpty()) {
            wrongs.add("NOT QUIET  records wait, or lie on a disk, minutes after the last trouble");
        }
        outage.ifPresent(findings -> wrongs.addAll(findings.wrongs()));
        wrongs.addAll(crashes(stage.bed().workers()));
        return new ChaosReport(run, List.copyOf(figures), List.copyOf(wrongs));
    }

    private static List<Figure> troubles(Happenings.Counts happened, ChaosBed bed) {
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.count("kills", "Workers killed (SIGKILL)", happened.kills()));
        figures.add(Figure.count("stalls", "Workers stalled (SIGSTOP, SIGCONT)", happened.stalls()));
        figures.add(Figure.count("terminations", "Workers terminated (SIGTERM)", happened.terminations()));
        figures.add(Figure.count("broker_stops", "Brokers stopped, one at a time", happened.brokerStops()));
        figures.add(
                Figure.count("all_broker_stops", "Times that all brokers were stopped", happened.stopsOfAllBrokers()));
        bed.front().ifPresent(front -> {
            Happenings.StoreTroubles store = happened.store();
            figures.add(Figure.count("store_outages", "Times that the store took nothing", store.outages()));
            figures.add(Figure.time("store_outage_time", "The store took nothing for", store.outageTime()));
            store.faults()
                    .forEach((label, time) -> figures.add(Figure.time(
                            "store_" + label.replaceAll("\\W+", "_").toLowerCase(Locale.ROOT),
                            "Store: " + label,
                            time)));
            figures.add(Figure.count(
                    "requests_faulted",
                    "Requests to the store that went wrong",
                    front.hits().values().stream().mapToLong(Long::longValue).sum()));
        });
        return figures;
    }

    private static List<Figure> accounts(Published published, Account account) {
        Account.Wrongs wrongs = account.wrongs();
        return List.of(
                Figure.count("published", "Captures published", account.captures()),
                Figure.count("repeats", "Captures published again", published.repeats()),
                Figure.count(
                        "poison",
                        "Poison records published",
                        published.poison().values().stream()
                                .filter(times -> times.acknowledged() > 0)
                                .count()),
                Figure.count("stored", "Captures read back as they were published", account.stored()),
                Figure.count("completions", "Completions", account.completions()),
                Figure.count("dead_letters", "Dead letters", account.deadLetters()),
                Figure.count("losses", "Losses", wrongs.losses() + wrongs.poisonLost()),
                Figure.count("uncompleted", "Completions that never came", wrongs.uncompleted()),
                Figure.count("duplicates", "Duplicates", wrongs.duplicates()));
    }

    private static List<Figure> strain(Stage stage) {
        List<Sample> samples = stage.watch().samples();
        long rebalances = samples.isEmpty()
                ? 0
                : samples.get(samples.size() - 1).workers().rebalances();
        return List.of(
                Figure.count("rebalances", "Rebalances, over all workers", rebalances),
                Figure.time(
                        "longest_stall",
                        "Longest time without a completion while the store was up",
                        stage.flow().longestStall()),
                Figure.bytes(
                        "peak_resident",
                        "Peak memory of a worker",
                        stage.watch().peakResidentBytes()),
                Figure.bytes(
                        "peak_spool",
                        "Peak on all disk queues together",
                        stage.watch().peakSpoolBytes()));
    }

    /** Lines in the workers' logs that no trouble from outside explains. */
    private static List<String> crashes(List<WorkerProcess> workers) {
        List<String> lines = new ArrayList<>();
        for (WorkerProcess worker : workers) {
            try (Stream<String> log = Files.lines(worker.log())) {
                log.filter(line -> line.contains("OutOfMemoryError") || line.contains("please report it"))
                        .forEach(line -> lines.add("WORKER  " + worker.log() + ": " + line));
            } catch (IOException e) {
                lines.add("WORKER  " + worker.log() + " cannot be read: " + e);
            }
        }
        return lines;
    }
}
