package io.stepvault.server.api;

import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import java.util.function.Function;

/** Page tokens of the store come back from clients, and may not be what was given out. */
final class Tokens {
    private Tokens() {}

    /**
     * Reads a page.
     *
     * @throws ProblemException 400 if the store does not know the token
     */
    static <T> Page<T> read(PageRequest request, Function<PageRequest, Page<T>> listing) {
        try {
            return listing.apply(request);
        } catch (IllegalArgumentException e) {
            if (request.token().isEmpty()) {
                throw e;
            }
            throw Problem.badRequest(
                            "parameter page is not a token of this listing; use next of its last page as it is")
                    .asException();
        }
    }
}
