package io.stepvault.bench.run;

import io.stepvault.bench.data.DataSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Does the cost of a capture stay the same when one thing grows? All points of a series but those of the backlog drain
 * about the same number of bytes, so that warming up weighs the same.
 *
 * @param name how options call it
 * @param title how tables call it
 */
public record ScaleSeries(String name, String title, List<ScalePoint> points) {
    private static final int PARTITIONS = 8;
    private static final int SESSIONS = 120;
    private static final String HEAP = "256m";
    /** A worker refuses to start when two of the largest captures do not fit. */
    private static final String HEAP_FOR_LARGEST = "512m";

    private static final int LARGE = 32 << 20;

    /**
     * All series.
     *
     * @param bytes that a point drains; some need more to have a capture of each session
     * @param mostSessions the end of the first series
     * @param mostBacklogBytes the end of the last
     */
    public static List<ScaleSeries> all(long bytes, int mostSessions, long mostBacklogBytes) {
        return List.of(
                new ScaleSeries("sessions", "sessions (captures of 2 KB)", sessions(bytes, mostSessions)),
                new ScaleSeries("sizes", "size of a capture", sizes(bytes)),
                new ScaleSeries("partitions", "partitions (captures of 180 KB)", partitions(bytes)),
                new ScaleSeries("backlog", "backlog (captures of 180 KB)", backlogs(mostBacklogBytes)));
    }

    private static List<ScalePoint> sessions(long bytes, int most) {
        return IntStream.of(10, 100, 1_000, 10_000, 100_000, 1_000_000)
                .filter(sessions -> sessions <= most)
                .mapToObj(sessions -> point(number(sessions), 2_000, bytes, sessions, PARTITIONS))
                .toList();
    }

    private static List<ScalePoint> sizes(long bytes) {
        return Stream.of(2_000, 20_000, 180_000, 1 << 20, 8 << 20, LARGE, 64 << 20)
                .map(size -> point(size(size), size, bytes, SESSIONS, PARTITIONS))
                .toList();
    }

    private static List<ScalePoint> partitions(long bytes) {
        return Stream.of(1, 4, 16, 64)
                .map(partitions -> point(number(partitions), 180_000, bytes, SESSIONS, partitions))
                .toList();
    }

    private static List<ScalePoint> backlogs(long most) {
        return Stream.iterate(
                        500_000_000L, bytes -> bytes <= most, bytes -> bytes < 2_000_000_000L ? 4 * bytes : 10 * bytes)
                .map(bytes ->
                        point(String.format(Locale.ROOT, "%.1f GB", bytes / 1e9), 180_000, bytes, SESSIONS, PARTITIONS))
                .toList();
    }

    private static ScalePoint point(String label, int size, long bytes, int sessions, int partitions) {
        int html = (int) (size * 5L / 9);
        int fewest = size > LARGE / 2 ? 1 : sessions;
        int captures = (int) Math.max(fewest, bytes / size);
        DataSet data = new DataSet(size(size), html, size - html, captures, Math.min(sessions, captures));
        return new ScalePoint(label, data, partitions, size > LARGE ? HEAP_FOR_LARGEST : HEAP);
    }

    private static String number(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String size(int bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + " MiB" : bytes / 1_000 + " KB";
    }
}
