package io.stepvault.worker.config;

import java.util.List;

/**
 * The configuration cannot be used. Carries every mistake at once, each as one line that names the key, what is wrong
 * and what to do; the command line prints the lines and ends with its usage exit code. Never carries a secret.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line per mistake, at least one. */
    public List<String> problems() {
        return problems;
    }
}
