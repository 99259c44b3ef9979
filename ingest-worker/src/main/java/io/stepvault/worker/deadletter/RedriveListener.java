package io.stepvault.worker.deadletter;

/** Is told, on the redriving thread, what comes of each letter: exactly one of these, once. */
public interface RedriveListener {
    /** The letter is on its topic again. */
    void sent(StoredDeadLetter letter);

    /** The letter was left where it is. {@code why} is one sentence for a person. */
    void failed(StoredDeadLetter letter, String why);
}
