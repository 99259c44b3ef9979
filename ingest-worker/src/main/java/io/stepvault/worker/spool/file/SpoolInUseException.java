package io.stepvault.worker.spool.file;

import java.io.IOException;
import java.nio.file.Path;

/** Another worker holds the spool directory. */
public final class SpoolInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    SpoolInUseException(Path directory) {
        super("the spool directory " + directory + " is in use by another worker; each worker needs one of its own:"
                + " set spool.dir, or stop the other worker");
    }
}
