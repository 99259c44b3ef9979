package io.stepvault.bench.stub;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was asked of the stub so far.
 *
 * @param puts objects, and parts of objects
 * @param others all other requests
 * @param payloadBytes in puts
 * @param checked puts whose bytes were compared with a checksum that came with them; none unless the stub verifies
 * @param mistakes requests that S3 would not take: refused and, but for the first few, not described
 */
public record StubCounts(long puts, long others, long payloadBytes, long checked, long mistakes) {
    /** Nothing. */
    public static final StubCounts NONE = new StubCounts(0, 0, 0, 0, 0);

    /** What was added since. */
    public StubCounts since(StubCounts before) {
        return new StubCounts(
                puts - before.puts,
                others - before.others,
                payloadBytes - before.payloadBytes,
                checked - before.checked,
                mistakes - before.mistakes);
    }

    /** All requests. */
    public long requests() {
        return puts + others;
    }

    /** One line, for another process. */
    String line() {
        return "puts=" + puts + " others=" + others + " payload=" + payloadBytes + " checked=" + checked + " mistakes="
                + mistakes;
    }

    /** The other way round. */
    public static StubCounts parse(String line) {
        Map<String, Long> fields = Stream.of(line.split(" ", -1))
                .map(field -> field.split("=", -1))
                .collect(Collectors.toMap(field -> field[0], field -> Long.parseLong(field[1])));
        return new StubCounts(
                field(fields, "puts"),
                field(fields, "others"),
                field(fields, "payload"),
                field(fields, "checked"),
                field(fields, "mistakes"));
    }

    private static long field(Map<String, Long> fields, String name) {
        Long value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name + " among " + fields.keySet());
        }
        return value;
    }
}
