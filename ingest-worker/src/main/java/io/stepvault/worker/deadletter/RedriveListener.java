package io.stepvault.worker.deadletter;

/** Is told, on the redriving thread, what comes of each letter: that it was sent or that it failed, once. */
public interface RedriveListener {
    /** The letter is on its topic again. */
    void sent(StoredDeadLetter letter);

    /** Asked before each letter: whether to go on. If not, what is on its way is finished, and the rest left alone. */
    boolean wantsMore();

    /** The letter was left where it is. {@code why} is one sentence for a person. */
    void failed(StoredDeadLetter letter, String why);
}
