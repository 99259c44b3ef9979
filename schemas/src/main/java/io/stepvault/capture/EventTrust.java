package io.stepvault.capture;

import io.stepvault.event.StepCapture;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro 1.12.2 refuses to make instances of generated classes that nobody vouched for, and keeps that trust in one
 * place for the whole JVM. This adds our events to whatever the application trusts already. Without it even
 * {@code StepCapture.newBuilder()...build()} throws a {@code SecurityException}; {@link Artifacts}, {@link
 * StepCaptures} and the codecs see to it.
 *
 * <p>Safe for any thread.
 */
public final class EventTrust {
    static {
        String events = StepCapture.class.getPackageName();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals(events)));
    }

    private EventTrust() {}

    /** Makes sure that the events are trusted. Loading this class does it, once. */
    public static void establish() {}
}
