package io.stepvault.worker.cli.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * What a check found. Immutable; safe for any thread.
 *
 * @param status how bad it is
 * @param subject what was looked at
 * @param detail what was found
 * @param mend what to do about it, if something should be done
 */
public record Finding(Status status, String subject, String detail, Optional<String> mend) {

    /** How bad a finding is. */
    public enum Status {
        /** As it should be. */
        OK("ok"),
        /** It works, or will, but an operator should know. */
        WARN("warn"),
        /** A worker cannot do its work like this. */
        FAIL("FAIL");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        /** As it is printed. */
        public String text() {
            return text;
        }
    }

    static Finding ok(String subject, String detail) {
        return new Finding(Status.OK, subject, detail, Optional.empty());
    }

    static Finding warn(String subject, String detail, String mend) {
        return new Finding(Status.WARN, subject, detail, Optional.of(mend));
    }

    static Finding fail(String subject, String detail, String mend) {
        return new Finding(Status.FAIL, subject, detail, Optional.of(mend));
    }

    /** A failure whose message says the mend itself. */
    static Finding fail(String subject, String message) {
        return new Finding(Status.FAIL, subject, message, Optional.empty());
    }

    /** One line. */
    public String line() {
        return String.format(Locale.ROOT, "%-4s  %-14s  %s", status.text(), subject, detail)
                + mend.map(what -> "; " + what).orElse("");
    }
}
