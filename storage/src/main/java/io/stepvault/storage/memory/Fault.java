package io.stepvault.storage.memory;

/** How a call to an {@link InMemoryObjectStore} goes wrong. */
public enum Fault {
    /** The store answers with an error of its own. */
    TRANSIENT,
    /** The store asks to slow down. */
    THROTTLED,
    /** The object is written, and the answer is lost: a transient failure to whoever called. */
    ANSWER_LOST,
    /** Access is denied. */
    DENIED,
    /** The store refuses this object for good. */
    REFUSED
}
