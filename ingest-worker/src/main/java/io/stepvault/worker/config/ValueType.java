package io.stepvault.worker.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The type and range of a key's value.
 *
 * @param allowed the range in words, such as {@code 1ms to 1h}
 * @param parser reads a value; throws {@link IllegalArgumentException} with what is wrong and what to write instead
 * @param format writes a value so that the parser reads it back
 * @param accepts whether a value is in the range
 */
public record ValueType<T>(
        String allowed, Function<String, T> parser, Function<T, String> format, Predicate<T> accepts) {

    /** A duration from {@code min} to {@code max}. */
    public static ValueType<Duration> duration(String min, String max) {
        return range(DurationText::parse, DurationText::format, min, max);
    }

    /** A size from {@code min} to {@code max}. */
    public static ValueType<ByteSize> size(String min, String max) {
        return range(ByteSize::parse, ByteSize::toString, min, max);
    }

    /** A whole number from {@code min} to {@code max}. */
    public static ValueType<Integer> integer(int min, int max) {
        return range(ValueType::parseInteger, String::valueOf, Integer.toString(min), Integer.toString(max));
    }

    /** Text that matches a pattern; {@code allowed} says in words what that is. */
    public static ValueType<String> text(Pattern pattern, String allowed) {
        return new ValueType<>(allowed, Function.identity(), Function.identity(), pattern.asMatchPredicate());
    }

    /** Anything that is not empty, and that must not be seen. */
    public static ValueType<Secret> secret() {
        return new ValueType<>(
                "a secret",
                Secret::new,
                Secret::toString,
                secret -> !secret.reveal().isEmpty());
    }

    /** An absolute file name. */
    public static ValueType<Path> file() {
        return new ValueType<>("an absolute file name", ValueType::parseFile, Path::toString, Path::isAbsolute);
    }

    private static Path parseFile(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a file's name", e);
        }
    }

    /** One of the constants, written in lower case with hyphens. */
    public static <E extends Enum<E>> ValueType<E> oneOf(List<E> constants) {
        String names = constants.stream().map(ValueType::written).collect(Collectors.joining(", "));
        return new ValueType<>(
                names,
                text -> constants.stream()
                        .filter(constant -> written(constant).equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("is not one of: " + names)),
                ValueType::written,
                constants::contains);
    }

    private static <T extends Comparable<T>> ValueType<T> range(
            Function<String, T> parser, Function<T, String> format, String min, String max) {
        T least = parser.apply(min);
        T most = parser.apply(max);
        Comparator<T> order = Comparator.naturalOrder();
        return new ValueType<>(
                min + " to " + max,
                parser,
                format,
                value -> order.compare(least, value) <= 0 && order.compare(value, most) <= 0);
    }

    private static Integer parseInteger(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a whole number", e);
        }
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
