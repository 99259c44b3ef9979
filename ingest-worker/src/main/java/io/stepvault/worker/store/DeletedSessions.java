package io.stepvault.worker.store;

import io.stepvault.capture.IdCodec;
import io.stepvault.worker.flow.SessionBatch;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names deleted sessions of which captures still come: each once in a while, since a crawler that goes on would fill the
 * log. Only the pipeline's thread may touch it.
 */
final class DeletedSessions {
    private static final Logger log = LoggerFactory.getLogger(DeletedSessions.class);
    private static final int MAX_REMEMBERED = 1_000;

    private final Map<String, Boolean> named = new Recent();

    private static final class Recent extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    }

    /** Names the session of {@code batch}, unless that was done lately. */
    void name(SessionBatch batch) {
        if (named.put(batch.sessionId(), true) == null) {
            log.atInfo()
                    .addKeyValue("session", IdCodec.encode(batch.sessionId()))
                    .addKeyValue("partition", batch.assignment().partition())
                    .addKeyValue("offset", batch.firstOffset())
                    .log("Session has been deleted; captures of it are not stored, only counted from now on");
        }
    }
}
