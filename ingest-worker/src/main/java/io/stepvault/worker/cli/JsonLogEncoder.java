package io.stepvault.worker.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.worker.cli.terminal.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.event.KeyValuePair;

/**
 * Writes each log event as a JSON object on a line of its own, its key-value pairs together under {@code fields}. Safe
 * for any thread.
 */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return (JsonText.object(fields -> write(event, fields)) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(ILoggingEvent event, JsonGenerator json) throws IOException {
        json.writeStringField("time", event.getInstant().toString());
        json.writeStringField("level", event.getLevel().toString());
        json.writeStringField("logger", event.getLoggerName());
        json.writeStringField("thread", event.getThreadName());
        json.writeStringField("message", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            json.writeObjectFieldStart("fields");
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                json.writeStringField(pair.key, String.valueOf(pair.value));
            }
            json.writeEndObject();
        }
        if (event.getThrowableProxy() != null) {
            json.writeStringField("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    }
}
