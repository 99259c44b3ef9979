package io.stepvault.server;

import io.stepvault.server.guard.Authentication;
import io.stepvault.server.guard.Guard;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import io.stepvault.server.http.Route;
import io.stepvault.server.http.Router;
import io.stepvault.server.http.Service;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.StoreException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every call: what is not allowed, not there or fails is a problem. Safe for any thread. */
final class Answers implements Service {
    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    private final Guard guard;
    private final Router router;
    private final Authentication authentication;

    Answers(Guard guard, Router router, Authentication authentication) {
        this.guard = guard;
        this.router = router;
        this.authentication = authentication;
    }

    @Override
    public Answer answer(Call call) {
        try {
            guard.check(call);
            Router.Match match = router.match(call);
            if (match.route().access() == Route.Access.PROTECTED) {
                authentication.require(call);
            }
            return match.route().answering().answer(match.call());
        } catch (RuntimeException e) {
            return failed(call, e);
        }
    }

    @Override
    public Answer failed(Call call, RuntimeException failure) {
        return problem(call, failure).asAnswer();
    }

    private static Problem problem(Call call, RuntimeException failure) {
        if (failure instanceof ProblemException known) {
            return known.problem();
        }
        if (failure instanceof ObjectNotFoundException) {
            return new Problem(410, "Gone", "the step has expired or been deleted since it was found");
        }
        if (failure instanceof StoreException store) {
            log.atWarn()
                    .addKeyValue("path", call.path())
                    .addKeyValue("reason", store.getMessage())
                    .log("The store failed a request");
            if (store.isOutage()) {
                return Problem.unavailable("the store does not answer as it should; try again");
            }
            return store instanceof ObjectCorruptException
                    ? new Problem(502, "Damaged", "what is stored is not what was captured; replay the capture")
                    : new Problem(502, "Refused", "the store refuses this request; the server's log says why");
        }
        String id = UUID.randomUUID().toString();
        log.atError()
                .addKeyValue("id", id)
                .addKeyValue("path", call.path())
                .setCause(failure)
                .log("A request failed for a reason that is ours");
        return new Problem(
                500,
                "Internal error",
                "the server failed; its log says more under this instance",
                Optional.of("urn:uuid:" + id),
                Map.of());
    }
}
