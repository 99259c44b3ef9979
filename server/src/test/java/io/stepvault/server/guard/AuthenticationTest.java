package io.stepvault.server.guard;

import static io.stepvault.server.Calls.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.server.Calls;
import io.stepvault.server.SteppedClock;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.ProblemException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthenticationTest {
    private static final String TOKEN = "0123456789abcdef";

    private final SteppedClock clock = new SteppedClock();
    private final Authentication authentication = new Authentication(Optional.of(new BearerToken(TOKEN)), false, clock);

    private static Calls withToken(String token) {
        return aCall("/api/v1/sessions").with("Authorization", "Bearer " + token);
    }

    private int require(Calls call) {
        return status(() -> authentication.require(call.build()));
    }

    private static int status(Runnable call) {
        try {
            call.run();
            return 200;
        } catch (ProblemException e) {
            return e.problem().status();
        }
    }

    private static String cookie(Answer answer) {
        return answer.header("Set-Cookie").orElse("").replaceFirst(";.*", "");
    }

    @Test
    void letsEverybodyReadWithoutAToken() {
        Authentication open = new Authentication(Optional.empty(), false, clock);

        assertThat(open.isRequired()).isFalse();
        assertThat(open.isSignedIn(aCall("/").build())).isTrue();
        assertThat(open.login(aCall("/").build()).headers()).isEmpty();
    }

    @Test
    void letsThoseReadWhoSendTheToken() {
        assertThat(require(aCall("/"))).isEqualTo(401);
        assertThat(require(withToken(TOKEN))).isEqualTo(200);
        assertThat(require(withToken(TOKEN + "x"))).isEqualTo(401);
        assertThat(require(aCall("/").with("Authorization", "Basic " + TOKEN))).isEqualTo(401);
        assertThat(require(aCall("/").with("Authorization", "bearer " + TOKEN))).isEqualTo(200);
    }

    @Test
    void exchangesTheTokenForACookie() {
        Answer login = authentication.login(withToken(TOKEN).build());

        assertThat(login.status()).isEqualTo(204);
        assertThat(login.header("Set-Cookie").orElse(""))
                .matches("stepvault-8080=[A-Za-z0-9_-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict");
        assertThat(require(aCall("/").with("Cookie", "a=b; " + cookie(login) + "; c")))
                .isEqualTo(200);
        assertThat(require(aCall("/").with("Cookie", cookie(login) + "x"))).isEqualTo(401);
        assertThat(require(aCall("/").with("Cookie", "stepvault-8080="))).isEqualTo(401);
    }

    @Test
    void givesNoCookieForAWrongToken() {
        assertThat(status(
                        () -> authentication.login(withToken("fedcba9876543210").build())))
                .isEqualTo(401);
        assertThat(status(() -> authentication.login(aCall("/").build()))).isEqualTo(401);
    }

    @Test
    void forgetsACookieAfterTwelveHours() {
        Answer login = authentication.login(withToken(TOKEN).build());

        clock.advance(Duration.ofHours(12).minusMillis(1));
        assertThat(require(aCall("/").with("Cookie", cookie(login)))).isEqualTo(200);
        clock.advance(Duration.ofMillis(1));
        assertThat(require(aCall("/").with("Cookie", cookie(login)))).isEqualTo(401);
    }

    @Test
    void signsOut() {
        Answer login = authentication.login(withToken(TOKEN).build());
        Call signedIn = aCall("/").with("Cookie", cookie(login)).build();

        Answer logout = authentication.logout(signedIn);

        assertThat(logout.header("Set-Cookie").orElse("")).startsWith("stepvault-8080=; Path=/; Max-Age=0;");
        assertThat(authentication.isSignedIn(signedIn)).isFalse();
    }

    @Test
    void signsOutTheOldestWhenThereAreTooMany() {
        Answer oldest = authentication.login(withToken(TOKEN).build());
        Answer second = authentication.login(withToken(TOKEN).build());
        for (int i = 2; i < LoginSessions.MOST + 1; i++) {
            authentication.login(withToken(TOKEN).build());
        }

        assertThat(require(aCall("/").with("Cookie", cookie(oldest)))).isEqualTo(401);
        assertThat(require(aCall("/").with("Cookie", cookie(second)))).isEqualTo(200);
    }

    @Test
    void marksTheCookieSecureOnlyIfATrustedProxySaysSo() {
        Calls overTls = withToken(TOKEN).with("X-Forwarded-Proto", "https");
        Authentication trusting = new Authentication(Optional.of(new BearerToken(TOKEN)), true, clock);

        assertThat(authentication.login(overTls.build()).header("Set-Cookie").orElse(""))
                .doesNotContain("Secure");
        assertThat(trusting.login(overTls.build()).header("Set-Cookie").orElse(""))
                .endsWith("; Secure");
        assertThat(trusting.login(withToken(TOKEN).build()).header("Set-Cookie").orElse(""))
                .doesNotContain("Secure");
    }

    @Test
    void makesAnAddressWaitThatGuesses() throws UnknownHostException {
        for (int i = 0; i < FailedAttempts.AT_ONCE; i++) {
            assertThat(require(withToken("wrong-wrong-wrong"))).isEqualTo(401);
        }

        // Not even the right one is told from a wrong one now.
        assertThat(require(withToken(TOKEN))).isEqualTo(429);
        assertThat(require(aCall("/"))).isEqualTo(401);
        InetAddress other = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        assertThat(require(withToken(TOKEN).from(other))).isEqualTo(200);

        clock.advance(Duration.ofSeconds(FailedAttempts.SECONDS));
        assertThat(require(withToken("wrong-wrong-wrong"))).isEqualTo(401);
        assertThat(require(withToken(TOKEN))).isEqualTo(429);
        clock.advance(Duration.ofSeconds(FailedAttempts.SECONDS));
        assertThat(require(withToken(TOKEN))).isEqualTo(200);
    }

    @Test
    void letsThoseReadOnWhoAreSignedInWhileTheirAddressMustWait() {
        String cookie = cookie(authentication.login(withToken(TOKEN).build()));
        for (int i = 0; i < FailedAttempts.AT_ONCE; i++) {
            require(withToken("wrong-wrong-wrong"));
        }

        assertThat(require(aCall("/").with("Cookie", cookie))).isEqualTo(200);
    }

    @Test
    void countsIpv6AddressesByTheirNetwork() throws UnknownHostException {
        FailedAttempts attempts = new FailedAttempts(clock);
        for (int i = 0; i < FailedAttempts.AT_ONCE; i++) {
            attempts.count(InetAddress.getByName("2001:db8::" + Integer.toHexString(i + 1)));
        }

        assertThat(attempts.wait(InetAddress.getByName("2001:db8::ffff"))).isPresent();
        assertThat(attempts.wait(InetAddress.getByName("2001:db8:0:1::1"))).isEmpty();
    }
}
