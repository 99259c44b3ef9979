package io.stepvault.devkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the log of the whole process to a file for a while, from WARN up, so that a terminal shows only what a command
 * says. What was set before is set again at the end. One at a time; not thread-safe.
 */
final class RunLog implements AutoCloseable {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} - "
            + "%replace(%msg %kvp){'[\\x00-\\x1f\\x7f-\\x9f]', '?'}%n%ex";

    /** Servers and clients in one process: a broker that stops is told of by every client, at WARN. */
    private static final List<String> ERRORS_ONLY =
            List.of("org.apache.kafka", "kafka", "state.change.logger", "com.yammer.metrics", "org.gaul");

    private final ch.qos.logback.classic.Logger root;
    private final FileAppender<ILoggingEvent> file;
    private final List<Appender<ILoggingEvent>> former;
    private final Map<String, @Nullable Level> formerLevels = new LinkedHashMap<>();

    private RunLog(LoggerContext context, FileAppender<ILoggingEvent> file) {
        this.root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        this.file = file;
        this.former = new ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(former::add);
        former.forEach(root::detachAppender);
        root.addAppender(file);
        setLevel(root, Level.WARN);
        ERRORS_ONLY.forEach(name -> setLevel(context.getLogger(name), Level.ERROR));
    }

    /** Appends to {@code path} until closed. */
    static RunLog to(Path path) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        FileAppender<ILoggingEvent> file = new FileAppender<>();
        file.setContext(context);
        file.setEncoder(encoder);
        file.setFile(path.toString());
        file.setAppend(true);
        file.start();
        return new RunLog(context, file);
    }

    private void setLevel(ch.qos.logback.classic.Logger logger, Level level) {
        formerLevels.put(logger.getName(), logger.getLevel());
        logger.setLevel(level);
    }

    @Override
    public void close() {
        formerLevels.forEach(
                (name, level) -> root.getLoggerContext().getLogger(name).setLevel(level));
        root.detachAppender(file);
        former.forEach(root::addAppender);
        file.stop();
    }
}
