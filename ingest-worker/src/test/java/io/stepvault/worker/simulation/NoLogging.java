package io.stepvault.worker.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Nothing is logged meanwhile: in a simulation, what goes wrong is meant to, thousands of times. */
final class NoLogging implements BeforeAllCallback, AfterAllCallback {
    private static final Logger LOGGING = (Logger) LoggerFactory.getLogger("io.stepvault");
    private @Nullable Level before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = LOGGING.getLevel();
        LOGGING.setLevel(Level.OFF);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        LOGGING.setLevel(before);
    }
}
