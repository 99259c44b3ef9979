package io.stepvault.bench;

import io.stepvault.bench.report.Comparison;
import io.stepvault.bench.report.Metric;
import io.stepvault.bench.report.Rounds;
import io.stepvault.bench.run.Cell;
import io.stepvault.bench.run.Contender;
import io.stepvault.bench.run.ContenderFailedException;
import io.stepvault.bench.run.DrainResult;
import io.stepvault.bench.run.Plan;
import io.stepvault.bench.run.RunObserver;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Says what runs and what came of it, and keeps that. Used by one thread. */
final class RunProgress implements RunObserver {
    private final Console console;
    private final Map<Cell, Rounds> rounds = new LinkedHashMap<>();

    RunProgress(Console console, Plan plan) {
        this.console = console;
        plan.cells().forEach(cell -> rounds.put(cell, new Rounds(cell, plan.contenders())));
    }

    @Override
    public void begins(int number, int of, Cell cell, Contender contender, Duration left) {
        console.note(number + "/" + of + " " + cell.title() + ": " + contender.name()
                + (left.isZero() ? "" : " (about " + Amounts.duration(left) + " left)"));
    }

    @Override
    public void measured(Cell cell, Contender contender, DrainResult result) {
        rounds(cell).add(contender, result);
        console.note("    " + text(Metric.CAPTURES, result) + ", " + text(Metric.CPU, result) + ", "
                + text(Metric.RESIDENT, result) + ", " + text(Metric.REQUESTS, result));
    }

    @Override
    public void failed(Cell cell, Contender contender, ContenderFailedException failure) {
        String why = String.valueOf(failure.getMessage());
        rounds(cell).addFailure(contender, why);
        console.note("    FAILED: " + why);
    }

    /** All so far. */
    List<Comparison> comparisons() {
        return rounds.values().stream().map(Rounds::comparison).toList();
    }

    private Rounds rounds(Cell cell) {
        Rounds found = rounds.get(cell);
        if (found == null) {
            throw new IllegalArgumentException("not in the plan: " + cell.title());
        }
        return found;
    }

    private static String text(Metric metric, DrainResult result) {
        return metric.text(metric.of(result)) + " " + metric.heading();
    }
}
