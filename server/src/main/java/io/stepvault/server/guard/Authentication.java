package io.stepvault.server.guard;

import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Knows who may read: everybody if there is no token, else whoever sends the token, or the cookie that it was exchanged
 * for. Safe for any thread.
 */
public final class Authentication {
    private final Optional<BearerToken> token;
    private final boolean trustsForwardedProto;
    private final LoginSessions sessions;
    private final FailedAttempts failed;

    /**
     * Authentication.
     *
     * @param token what callers must know; empty if nothing
     * @param trustsForwardedProto whether a proxy in front tells the truth in {@code X-Forwarded-Proto}
     */
    public Authentication(Optional<BearerToken> token, boolean trustsForwardedProto, Clock clock) {
        this.token = token;
        this.trustsForwardedProto = trustsForwardedProto;
        this.sessions = new LoginSessions(clock);
        this.failed = new FailedAttempts(clock);
    }

    /** Whether callers must know a token. */
    public boolean isRequired() {
        return token.isPresent();
    }

    /**
     * Whether the caller may read.
     *
     * @throws ProblemException 429 if it has come with wrong tokens too often
     */
    public boolean isSignedIn(Call call) {
        if (token.isEmpty()) {
            return true;
        }
        Optional<String> presented = bearer(call);
        return presented.isPresent()
                ? isToken(token.get(), presented.get(), call)
                : cookies(call).stream().anyMatch(sessions::knows);
    }

    /**
     * Lets those pass who may read.
     *
     * @throws ProblemException 401, or 429 if it has come with wrong tokens too often
     */
    public void require(Call call) {
        if (!isSignedIn(call)) {
            throw unauthorized().asException();
        }
    }

    /**
     * Exchanges the token for a cookie, which scripts cannot read and other sites cannot make a browser send.
     *
     * @throws ProblemException 401, or 429
     */
    public Answer login(Call call) {
        if (token.isEmpty()) {
            return Answer.noContent();
        }
        Optional<String> presented = bearer(call);
        if (presented.isEmpty() || !isToken(token.get(), presented.get(), call)) {
            throw unauthorized().asException();
        }
        return Answer.noContent().with("Set-Cookie", cookie(call, sessions.begin(), LoginSessions.LASTING));
    }

    /** Signs out. What the browser has kept is cleared, too. */
    public Answer logout(Call call) {
        cookies(call).forEach(sessions::end);
        return Answer.noContent()
                .with("Set-Cookie", cookie(call, "", Duration.ZERO))
                .with("Clear-Site-Data", "\"cache\"");
    }

    private boolean isToken(BearerToken expected, String presented, Call call) {
        Optional<Duration> wait = failed.wait(call.peers().remote());
        if (wait.isPresent()) {
            String seconds = Long.toString(wait.get().toSeconds() + 1);
            throw new Problem(
                            429,
                            "Too many requests",
                            "too many wrong tokens came from this address; wait " + seconds + " seconds",
                            Optional.empty(),
                            Map.of("Retry-After", seconds))
                    .asException();
        }
        if (expected.matches(presented)) {
            return true;
        }
        failed.count(call.peers().remote());
        return false;
    }

    private static Problem unauthorized() {
        return new Problem(
                401,
                "Unauthorized",
                "send the server's token in Authorization: Bearer, or sign in with it",
                Optional.empty(),
                Map.of("WWW-Authenticate", "Bearer realm=\"stepvault\""));
    }

    private static Optional<String> bearer(Call call) {
        return call.headers()
                .value("Authorization")
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith("bearer "))
                .map(value -> value.substring("bearer ".length()).trim());
    }

    private String cookie(Call call, String value, Duration lasting) {
        boolean secure = trustsForwardedProto
                && call.headers().value("X-Forwarded-Proto").orElse("").equalsIgnoreCase("https");
        return name(call) + "=" + value + "; Path=/; Max-Age=" + lasting.toSeconds() + "; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "");
    }

    private static List<String> cookies(Call call) {
        String name = name(call);
        List<String> values = new ArrayList<>();
        for (String header : call.headers().values("Cookie")) {
            for (String pair : header.split(";", -1)) {
                String[] parts = pair.trim().split("=", 2);
                if (parts.length == 2 && parts[0].equals(name)) {
                    values.add(parts[1]);
                }
            }
        }
        return values;
    }

    /** Cookies know hosts but not ports: servers on other ports of this machine have cookies of other names. */
    private static String name(Call call) {
        String host = call.headers().value("Host").orElse("");
        return "stepvault" + HostCheck.port(host).map(port -> "-" + port).orElse("");
    }
}
