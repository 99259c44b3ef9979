package io.stepvault.bench.run;

import io.stepvault.bench.data.FilledTopic;
import java.util.List;

/**
 * What is to be run.
 *
 * @param cells one after the other
 * @param topics that hold the cells' data sets
 * @param contenders in each round one after the other
 * @param rounds of each cell
 */
public record Plan(List<Cell> cells, List<FilledTopic> topics, List<Contender> contenders, int rounds) {
    /** The number of single runs. */
    int runs() {
        return cells.size() * contenders.size() * rounds;
    }

    /** Where the cell's captures are. */
    FilledTopic topic(Cell cell) {
        return topics.stream()
                .filter(topic -> topic.data().name().equals(cell.data()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no topic holds " + cell.data()));
    }
}
