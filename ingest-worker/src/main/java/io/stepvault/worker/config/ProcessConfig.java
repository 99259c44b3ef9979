package io.stepvault.worker.config;

import org.slf4j.event.Level;

/**
 * How the worker's process shows itself. Immutable; safe for any thread.
 *
 * @param workerId {@code worker.id}
 * @param http where health and metrics are served
 * @param log how it logs
 */
public record ProcessConfig(String workerId, HttpConfig http, LogConfig log) {
    /** @throws ConfigException with every value that is not allowed */
    public ProcessConfig {
        new Problems().check(WorkerKeys.WORKER_ID, workerId).throwIfAny();
    }

    /**
     * Where health and metrics are served.
     *
     * @param host {@code http.host}
     * @param port {@code http.port}, 0 for any free one
     */
    public record HttpConfig(String host, int port) {
        /** @throws ConfigException with every value that is not allowed */
        public HttpConfig {
            new Problems()
                    .check(WorkerKeys.HTTP_HOST, host)
                    .check(WorkerKeys.HTTP_PORT, port)
                    .throwIfAny();
        }
    }

    /**
     * How the worker logs.
     *
     * @param format {@code log.format}
     * @param level {@code log.level}
     */
    public record LogConfig(LogFormat format, Level level) {}
}
