package io.stepvault.bench.run;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The collections of a JVM, from the log that {@link #flag} asks for.
 *
 * @param collections in the order of time
 */
record GcLog(List<Collection> collections) {
    private static final Pattern LINE =
            Pattern.compile("\\[(\\d+\\.\\d+)s] GC\\(\\d+\\) (Pause .*?) (\\d+)M->(\\d+)M\\(\\d+M\\).*");

    /**
     * A collection.
     *
     * @param atSeconds since the JVM began
     * @param isFull whether the whole heap was collected in a pause
     */
    record Collection(double atSeconds, boolean isFull, long bytesBefore, long bytesAfter) {}

    /** What makes a JVM write it: every collector, sizes in MiB. */
    static String flag(String file) {
        return "-Xlog:gc:file=" + file + ":uptime:filecount=0";
    }

    static GcLog parse(List<String> lines) {
        List<Collection> collections = new ArrayList<>();
        for (String line : lines) {
            Matcher match = LINE.matcher(line);
            if (match.matches()) {
                collections.add(new Collection(
                        Double.parseDouble(match.group(1)),
                        match.group(2).startsWith("Pause Full"),
                        Long.parseLong(match.group(3)) << 20,
                        Long.parseLong(match.group(4)) << 20));
            }
        }
        return new GcLog(List.copyOf(collections));
    }

    /** What was allocated up to the last collection: what each found more than the one before it had left. */
    long allocatedBytes() {
        long allocated = 0;
        long left = 0;
        for (Collection collection : collections) {
            allocated += Math.max(0, collection.bytesBefore - left);
            left = collection.bytesAfter;
        }
        return allocated;
    }

    /** Full collections after a time since the JVM began. */
    int fullAfter(double seconds) {
        return (int) collections.stream()
                .filter(collection -> collection.isFull && collection.atSeconds > seconds)
                .count();
    }
}
