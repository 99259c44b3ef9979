package io.stepvault.worker.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.LogFormat;
import io.stepvault.worker.config.ProcessConfig.LogConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the log of the whole process, which always goes to standard error. An operator who names a file in the system
 * property {@code logback.configurationFile} has set it already, and nothing is changed then.
 */
public final class CommandLogging {
    /** Control characters in what is logged would let an id forge a line. */
    private static final String TEXT = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} - "
            + "%replace(%msg %kvp){'[\\x00-\\x1f\\x7f-\\x9f]', '?'}%n%ex";

    /** These say at INFO what nobody asked, hundreds of lines at every start. */
    private static final List<String> TALKATIVE = List.of("org.apache.kafka", "software.amazon", "org.apache.avro");

    private CommandLogging() {}

    /** No log, for commands that print what they have to say; unless {@code STEPVAULT_DEBUG} asks for one. */
    public static void quiet(Map<String, String> environment) {
        boolean debug = environment.containsKey(FailureReport.DEBUG_VARIABLE);
        set(LogFormat.TEXT, debug ? Level.INFO : Level.OFF);
    }

    /** As a worker's configuration says. */
    public static void ofWorker(LogConfig config) {
        set(config.format(), Level.toLevel(config.level().name()));
    }

    /** What a server that nobody configures logs: what went wrong. With {@code STEPVAULT_DEBUG}, more. */
    static void ofServer(Console console) {
        boolean debug = console.environment().containsKey(FailureReport.DEBUG_VARIABLE);
        set(LogFormat.TEXT, debug ? Level.INFO : Level.WARN);
    }

    private static void set(LogFormat format, Level level) {
        if (System.getProperty("logback.configurationFile") != null) {
            return;
        }
        context().ifPresent(context -> {
            context.reset();
            ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
            appender.setContext(context);
            appender.setTarget(ConsoleTarget.SystemErr.getName());
            appender.setEncoder(encoder(format, context));
            appender.start();
            ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
            root.addAppender(appender);
            root.setLevel(level);
            if (level.equals(Level.INFO)) {
                TALKATIVE.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
            }
        });
    }

    private static Encoder<ILoggingEvent> encoder(LogFormat format, LoggerContext context) {
        Encoder<ILoggingEvent> encoder = format == LogFormat.JSON ? new JsonLogEncoder() : text(context);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(TEXT);
        return encoder;
    }

    private static Optional<LoggerContext> context() {
        return LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                ? Optional.of(context)
                : Optional.empty();
    }
}
