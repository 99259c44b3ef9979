package io.stepvault.worker.config;

/** What holds when a key is not set. */
public sealed interface DefaultValue<T> {

    /** A value that does not depend on anything. */
    record Fixed<T>(T value) implements DefaultValue<T> {}

    /**
     * A value that depends on the machine.
     *
     * @param description what it will be, for the reference
     * @param example a value to show where the machine gives none
     */
    record FromMachine<T>(String description, String example) implements DefaultValue<T> {}

    /** None: the key need not be set, and then there is no value. */
    record Unset<T>() implements DefaultValue<T> {}

    /**
     * None: the key must be set.
     *
     * @param example a value to show whoever left it out
     */
    record Required<T>(String example) implements DefaultValue<T> {}
}
