package io.stepvault.bench.run;

import java.io.IOException;

/** A contender did not do what it was started for; the others can go on. */
public final class ContenderFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    ContenderFailedException(String message) {
        super(message);
    }
}
