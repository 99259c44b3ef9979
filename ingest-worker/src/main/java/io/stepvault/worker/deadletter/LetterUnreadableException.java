package io.stepvault.worker.deadletter;

/** The payload of one dead letter cannot be had. The message says of which, and why; other letters are not concerned. */
public final class LetterUnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    LetterUnreadableException(StoredDeadLetter letter, String why) {
        super("dead letter " + letter.place() + " cannot be read: " + why);
    }
}
