package io.stepvault.registry;

import java.util.function.Function;

/**
 * What a registry answers. Texts are for an operator: one line, with the server's URL, and never a secret.
 *
 * @param <T> what was asked for
 */
public sealed interface RegistryAnswer<T> {
    /** It is there. */
    record Found<T>(T value) implements RegistryAnswer<T> {}

    /** The registry knows no such schema, subject or version, and says so in its own words (40401 to 40403). */
    record Missing<T>(String why) implements RegistryAnswer<T> {}

    /** The registry will not take it: the schema is incompatible (409) or invalid (422), or the subject is read-only. */
    record Refused<T>(String why) implements RegistryAnswer<T> {}

    /**
     * No answer that says anything about what was asked.
     *
     * @param operatorMustAct whether waiting alone will not mend it: credentials, permission or the URL are wrong
     */
    record Unavailable<T>(String why, boolean operatorMustAct) implements RegistryAnswer<T> {}

    /** The same, with the value made into another. */
    default <U> RegistryAnswer<U> map(Function<T, U> change) {
        if (this instanceof Found<T> found) {
            return new Found<>(change.apply(found.value()));
        } else if (this instanceof Missing<T> missing) {
            return new Missing<>(missing.why());
        } else if (this instanceof Refused<T> refused) {
            return new Refused<>(refused.why());
        }
        Unavailable<T> unavailable = (Unavailable<T>) this;
        return new Unavailable<>(unavailable.why(), unavailable.operatorMustAct());
    }
}
