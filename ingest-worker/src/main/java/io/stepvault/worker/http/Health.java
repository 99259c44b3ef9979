package io.stepvault.worker.http;

import java.util.List;

/** How the worker is. Safe for any thread. */
public interface Health {
    /** What is wrong beyond mending from within, so that the process should be restarted. Empty: it lives. */
    List<String> whyNotLive();

    /** What keeps the worker from its work for now. Empty: it is ready. */
    List<String> whyNotReady();
}
