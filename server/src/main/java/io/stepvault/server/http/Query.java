package io.stepvault.server.http;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** A query's parameters, read strictly: an unknown one, or one given twice, is a mistake that the client is told of. */
public final class Query {
    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads the call's query.
     *
     * @param known the parameters that there are
     * @throws ProblemException 400 if it has others, or one twice
     */
    public static Query of(Call call, String... known) {
        Map<String, String> values = new HashMap<>();
        List<String> names = Arrays.asList(known);
        for (String pair : call.query().split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (!names.contains(name)) {
                throw Problem.badRequest(
                                names.isEmpty()
                                        ? "no parameters are known here"
                                        : "a parameter is unknown; known are "
                                                + String.join(", ", new TreeSet<>(names)))
                        .asException();
            }
            if (values.put(name, value) != null) {
                throw Problem.badRequest("parameter " + name + " is given twice")
                        .asException();
            }
        }
        return new Query(values);
    }

    private static String decode(String text) {
        return Percent.decode(text.replace('+', ' '));
    }

    /** The parameter's text; empty if it is absent or has none. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /**
     * A whole number.
     *
     * @throws ProblemException 400 if it is none, or out of range
     */
    public int number(String name, int byDefault, int min, int max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return byDefault;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, as what is out of range is.
        }
        throw Problem.badRequest("parameter " + name + " is a whole number from " + min + " to " + max)
                .asException();
    }

    /**
     * One of a few words.
     *
     * @throws ProblemException 400 if it is another
     */
    public String oneOf(String name, String byDefault, String... words) {
        String text = text(name).orElse(byDefault);
        if (!Arrays.asList(words).contains(text)) {
            throw Problem.badRequest("parameter " + name + " is one of " + String.join(", ", words))
                    .asException();
        }
        return text;
    }

    /**
     * {@code true} or {@code false}; false if it is absent.
     *
     * @throws ProblemException 400 if it is neither
     */
    public boolean flag(String name) {
        return oneOf(name, "false", "true", "false").equals("true");
    }
}
