package io.stepvault.worker.cli;

import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Which part of a listing to show. */
final class PageOptions {
    @Option(names = "--limit", paramLabel = "N", description = "Show at most so many (default: ${DEFAULT-VALUE}).")
    private int limit = 100;

    @Option(names = "--after", paramLabel = "TOKEN", description = "Go on where an earlier listing ended.")
    private Optional<String> after = Optional.empty();

    /** Reads as many of the listing's own pages as it takes. */
    <T> Page<T> read(Function<PageRequest, Page<T>> listing) {
        if (limit < 1) {
            throw CommandFailure.usage("--limit: '" + limit + "' is not allowed; expected 1 or more");
        }
        List<T> items = new ArrayList<>();
        Optional<String> token = after;
        do {
            Page<T> page = read(listing, new PageRequest(Math.min(limit - items.size(), PageRequest.MAX_LIMIT), token));
            items.addAll(page.items());
            token = page.nextToken();
        } while (token.isPresent() && items.size() < limit);
        return new Page<>(items, token);
    }

    private <T> Page<T> read(Function<PageRequest, Page<T>> listing, PageRequest request) {
        try {
            return listing.apply(request);
        } catch (IllegalArgumentException e) {
            if (after.isPresent() && request.token().equals(after)) {
                throw CommandFailure.usage("--after: " + e.getMessage());
            }
            throw e;
        }
    }

    /** Says how to go on, if there is more. */
    static Optional<String> more(Page<?> page) {
        return page.nextToken().map(token -> "there is more; go on with --after " + token);
    }
}
