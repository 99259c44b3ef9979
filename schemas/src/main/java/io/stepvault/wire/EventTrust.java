package io.stepvault.wire;

import io.stepvault.event.StepCapture;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Avro 1.12.2 refuses to make instances of generated classes that nobody vouched for, and keeps that trust in one
 * place for the whole JVM. This adds our events to whatever the application trusts already.
 */
final class EventTrust {
    static {
        String events = StepCapture.class.getPackageName();
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(),
                type -> type.getPackageName().equals(events)));
    }

    private EventTrust() {}

    /** Makes sure that the events are trusted. Loading this class does it, once. */
    static void establish() {}
}
