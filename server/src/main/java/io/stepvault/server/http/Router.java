package io.stepvault.server.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the route of a path, segment by segment as they were sent, so that an encoded slash is never one. The first
 * that fits is taken. Immutable; safe for any thread.
 */
public final class Router {
    private final List<Route> routes;

    /** A router over {@code routes}. */
    public Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** All of them, in order. */
    public List<Route> routes() {
        return routes;
    }

    /** A route, and the call with the segments that it names. */
    public record Match(Route route, Call call) {}

    /**
     * The call's route.
     *
     * @throws ProblemException 400 if a segment is badly encoded, 404 if there is no route, 405 if it takes other methods
     */
    public Match match(Call call) {
        String[] asked = call.path().split("/", -1);
        for (Route route : routes) {
            Optional<Map<String, String>> segments = fit(route.template().split("/", -1), asked);
            if (segments.isPresent()) {
                if (!route.takes(call.method())) {
                    throw Problem.methodNotAllowed(route.allow()).asException();
                }
                return new Match(route, call.with(segments.get()));
            }
        }
        throw Problem.notFound("there is nothing under this path; /api/ lists what there is")
                .asException();
    }

    private static Optional<Map<String, String>> fit(String[] template, String[] asked) {
        boolean open = template[template.length - 1].endsWith("*}");
        if (open ? asked.length < template.length : asked.length != template.length) {
            return Optional.empty();
        }
        Map<String, String> segments = new HashMap<>();
        for (int i = 0; i < template.length; i++) {
            String wanted = template[i];
            if (open && i == template.length - 1) {
                String rest = String.join("/", List.of(asked).subList(i, asked.length));
                segments.put(wanted.substring(1, wanted.length() - 2), rest);
            } else if (wanted.startsWith("{")) {
                segments.put(wanted.substring(1, wanted.length() - 1), asked[i]);
            } else if (!wanted.equals(asked[i])) {
                return Optional.empty();
            }
        }
        // Only once the route is found: what is badly encoded on no route is not found.
        segments.replaceAll((name, segment) -> Percent.decode(segment));
        return Optional.of(segments);
    }
}
