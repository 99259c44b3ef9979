package io.stepvault.bench.report;

import io.stepvault.bench.run.Cell;
import io.stepvault.bench.run.Contender;
import io.stepvault.bench.run.DrainResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers what contenders did in the rounds of one cell. Used by one thread. */
public final class Rounds {
    private final Cell cell;
    private final Map<Contender, List<DrainResult>> results = new LinkedHashMap<>();
    private final Map<Contender, String> failures = new LinkedHashMap<>();

    /** None yet. */
    public Rounds(Cell cell, List<Contender> contenders) {
        this.cell = cell;
        contenders.forEach(contender -> results.put(contender, new ArrayList<>()));
    }

    /** A round that was measured. */
    public void add(Contender contender, DrainResult result) {
        results.getOrDefault(contender, new ArrayList<>()).add(result);
    }

    /** A round that failed. */
    public void addFailure(Contender contender, String why) {
        failures.putIfAbsent(contender, why);
    }

    /** All of them. */
    public Comparison comparison() {
        return new Comparison(
                cell,
                results.entrySet().stream()
                        .map(entry -> Row.of(
                                entry.getKey(), entry.getValue(), Optional.ofNullable(failures.get(entry.getKey()))))
                        .toList());
    }
}
