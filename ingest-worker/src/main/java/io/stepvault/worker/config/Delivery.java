package io.stepvault.worker.config;

/** How completion events are delivered. */
public enum Delivery {
    /** In one transaction with the offsets they cover: a reader of committed records sees each event once. */
    EXACTLY_ONCE,
    /** Sent before the offsets they cover are committed: after a crash an event may be sent again. */
    AT_LEAST_ONCE
}
