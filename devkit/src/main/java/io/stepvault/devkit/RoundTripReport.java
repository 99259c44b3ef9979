package io.stepvault.devkit;

import io.stepvault.worker.cli.terminal.Table;
import java.util.List;

/**
 * How a crawl fared on its way. Immutable; safe for any thread.
 *
 * @param sessions one row for each, in the order of publishing
 * @param differences a line for each thing that is not as it should be
 */
record RoundTripReport(List<Session> sessions, List<String> differences) {
    /**
     * One session, in steps: each count should be the first.
     *
     * @param steps in the crawl
     * @param published acknowledged by the broker
     * @param stored found in the store
     * @param completed told of on the completions topic
     * @param artifacts of these steps
     */
    record Session(String sessionId, int steps, int published, int stored, int completed, Artifacts artifacts) {

        /**
         * A session's artifacts.
         *
         * @param all in the crawl
         * @param verified came back as they were published
         */
        record Artifacts(int all, int verified) {}

        boolean isComplete() {
            return published == steps
                    && stored == steps
                    && completed == steps
                    && artifacts.verified() == artifacts.all();
        }
    }

    boolean isAsItShouldBe() {
        return differences.isEmpty() && sessions.stream().allMatch(Session::isComplete);
    }

    int steps() {
        return sessions.stream().mapToInt(Session::steps).sum();
    }

    int artifacts() {
        return sessions.stream().mapToInt(session -> session.artifacts().all()).sum();
    }

    Table table() {
        Table table = new Table()
                .column("SESSION")
                .numbers("PUBLISHED")
                .numbers("STORED")
                .numbers("COMPLETED")
                .numbers("VERIFIED");
        for (Session session : sessions) {
            table.row(
                    session.sessionId(),
                    of(session.published(), session.steps()),
                    of(session.stored(), session.steps()),
                    of(session.completed(), session.steps()),
                    of(session.artifacts().verified(), session.artifacts().all()) + " artifacts");
        }
        return table;
    }

    private static String of(int count, int all) {
        return count == all ? Integer.toString(all) : count + " of " + all;
    }
}
