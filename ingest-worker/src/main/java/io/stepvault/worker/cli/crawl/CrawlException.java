package io.stepvault.worker.cli.crawl;

import org.jspecify.annotations.Nullable;

/** A directory, or a piece of it, cannot be read as a crawl. The message names it, and says what was expected. */
public final class CrawlException extends Exception {
    private static final long serialVersionUID = 1L;

    CrawlException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
