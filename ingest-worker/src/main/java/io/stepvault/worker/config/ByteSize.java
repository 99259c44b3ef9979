package io.stepvault.worker.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes, written {@code 8MiB}, {@code 512KiB} or as plain bytes, {@code 1000} or {@code 1000B}. Units are
 * powers of 1,024 (IEC 80000-13); the ambiguous {@code MB} and {@code M} are refused. Immutable; safe for any thread.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,19}) ?(B|KIB|MIB|GIB|TIB)?");

    private record Unit(String name, long bytes) {}

    private static final List<Unit> LARGEST_FIRST = List.of(
            new Unit("TiB", 1L << 40), new Unit("GiB", 1L << 30), new Unit("MiB", 1L << 20), new Unit("KiB", 1L << 10));

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size cannot be negative: " + bytes);
        }
    }

    public static ByteSize ofKiB(long kib) {
        return new ByteSize(Math.multiplyExact(kib, 1L << 10));
    }

    public static ByteSize ofMiB(long mib) {
        return new ByteSize(Math.multiplyExact(mib, 1L << 20));
    }

    /**
     * Reads a size; the case of the unit does not matter.
     *
     * @throws IllegalArgumentException if the text is not a size, or is more than {@link Long#MAX_VALUE} bytes; the
     *     message says what to write instead
     */
    public static ByteSize parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not a size; write 8MiB, 512KiB or plain bytes");
        }
        String unit = matcher.group(2);
        try {
            return new ByteSize(
                    Math.multiplyExact(Long.parseLong(matcher.group(1)), bytesOf(unit == null ? "" : unit)));
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("is too large a size; at most 8388607TiB can be counted", e);
        }
    }

    private static long bytesOf(String unit) {
        for (Unit known : LARGEST_FIRST) {
            if (known.name().equalsIgnoreCase(unit)) {
                return known.bytes();
            }
        }
        return 1;
    }

    /** This and the other together. */
    public ByteSize plus(ByteSize other) {
        return new ByteSize(Math.addExact(bytes, other.bytes));
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The shortest exact form, in the largest unit that divides it; {@link #parse} reads it back. */
    @Override
    public String toString() {
        for (Unit unit : LARGEST_FIRST) {
            if (bytes > 0 && bytes % unit.bytes() == 0) {
                return bytes / unit.bytes() + unit.name();
            }
        }
        return bytes + "B";
    }
}
