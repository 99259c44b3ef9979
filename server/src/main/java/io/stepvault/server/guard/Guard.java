package io.stepvault.server.guard;

import io.stepvault.server.http.Call;
import io.stepvault.server.http.Headers;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import java.util.Optional;
import java.util.Set;

/**
 * Turns away what no client of ours sends, whoever it is: requests for another host, requests that a foreign page has a
 * browser make, and requests with a body. Immutable; safe for any thread.
 */
public final class Guard {
    private final HostCheck hosts;

    /**
     * A guard.
     *
     * @param allowedHosts names, without port, by which the server is reached besides the loopback's and its own address
     */
    public Guard(Set<String> allowedHosts) {
        this.hosts = new HostCheck(allowedHosts);
    }

    /**
     * Checks a call before anything else is done with it.
     *
     * @throws ProblemException 403 or 413
     */
    public void check(Call call) {
        String host = call.headers().value("Host").orElse("");
        if (!hosts.allows(host, call.peers().local())) {
            throw Problem.forbidden("this server is not reached by this host name; whoever runs it can allow the name")
                    .asException();
        }
        if (!isOwn(call.headers().value("Origin"), host)) {
            throw Problem.forbidden("pages of another origin may not ask").asException();
        }
        if (isForeign(call.headers()) && !isNavigation(call)) {
            throw Problem.forbidden("pages of another site may not ask; open the viewer itself")
                    .asException();
        }
        if (hasBody(call.headers())) {
            throw new Problem(413, "Content too large", "no request has a body here").asException();
        }
    }

    /** The scheme may differ: a proxy may have taken the TLS off. The host is one of ours. */
    private static boolean isOwn(Optional<String> origin, String host) {
        return origin.isEmpty()
                || origin.get().equalsIgnoreCase("http://" + host)
                || origin.get().equalsIgnoreCase("https://" + host);
    }

    /** Browsers say where a request comes from; another port of this machine is another origin, and no more to be trusted. */
    private static boolean isForeign(Headers headers) {
        String site = headers.value("Sec-Fetch-Site").orElse("none");
        return !site.equals("none") && !site.equals("same-origin");
    }

    /** A link to the viewer may be anywhere. */
    private static boolean isNavigation(Call call) {
        return call.method().equals("GET")
                && !call.path().startsWith("/api/v1/")
                && call.headers().value("Sec-Fetch-Mode").orElse("").equals("navigate")
                && call.headers().value("Sec-Fetch-Dest").orElse("").equals("document");
    }

    private static boolean hasBody(Headers headers) {
        return headers.value("Transfer-Encoding").isPresent()
                || !headers.value("Content-Length").orElse("0").equals("0");
    }
}
