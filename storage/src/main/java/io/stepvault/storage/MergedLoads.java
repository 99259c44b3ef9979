package io.stepvault.storage;

import io.stepvault.storage.object.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Loads many steps from two stores as {@link FallbackStepStore} loads one. For one thread. */
final class MergedLoads {
    private final StepStore first;
    private final StepStore second;
    private final Map<String, Boolean> deletedFromFirst = new HashMap<>();
    private final Map<String, Boolean> deletedFromSecond = new HashMap<>();

    MergedLoads(StepStore first, StepStore second) {
        this.first = first;
        this.second = second;
    }

    List<LoadOutcome> loadAll(List<StepAddress> steps) {
        List<LoadOutcome> one = first.loadAll(steps);
        List<LoadOutcome> two = second.loadAll(steps);
        List<LoadOutcome> outcomes = new ArrayList<>(steps.size());
        List<Integer> nowhere = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            if (one.get(i) instanceof LoadOutcome.Missing && !(two.get(i) instanceof LoadOutcome.Found)) {
                nowhere.add(i);
            }
            outcomes.add(merged(steps.get(i).sessionId(), one.get(i), two.get(i)));
        }
        List<LoadOutcome> again = first.loadAll(nowhere.stream().map(steps::get).toList());
        for (int i = 0; i < nowhere.size(); i++) {
            int place = nowhere.get(i);
            outcomes.set(place, merged(steps.get(place).sessionId(), again.get(i), two.get(place)));
        }
        return outcomes;
    }

    private LoadOutcome merged(String sessionId, LoadOutcome one, LoadOutcome two) {
        if (one instanceof LoadOutcome.Found inFirst && two instanceof LoadOutcome.Found inSecond) {
            return inSecond.step().revision().compareTo(inFirst.step().revision()) > 0 ? two : one;
        }
        if (one instanceof LoadOutcome.Found) {
            return isDeleted(second, deletedFromSecond, sessionId) ? new LoadOutcome.Missing() : one;
        }
        if (two instanceof LoadOutcome.Found) {
            return isDeleted(first, deletedFromFirst, sessionId) ? new LoadOutcome.Missing() : two;
        }
        return one instanceof LoadOutcome.Failed ? one : two;
    }

    /** A store that does not answer says nothing. */
    private static boolean isDeleted(StepStore store, Map<String, Boolean> known, String sessionId) {
        return known.computeIfAbsent(sessionId, session -> {
            try {
                return store.isDeleted(session);
            } catch (StoreException e) {
                return false;
            }
        });
    }
}
