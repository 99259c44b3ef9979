package io.stepvault.worker.cli.crawl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * An {@code action.json}. Its text is published to the letter; {@code url} and {@code captured_at} (ISO-8601 with an
 * offset, such as {@code 2026-11-20T08:00:00Z}) are taken from its top level where they are.
 *
 * @param text the whole file
 * @param url the page's address
 * @param capturedAt when the step was captured
 */
record ActionFile(String text, Optional<String> url, Optional<Instant> capturedAt) {
    private static final JsonFactory JSON = new JsonFactory();

    /** @throws CrawlException if it is no JSON in UTF-8, or its time is not one */
    static ActionFile parse(Path file, byte[] bytes) throws CrawlException {
        String text;
        Optional<String> url = Optional.empty();
        Optional<String> capturedAt = Optional.empty();
        try (JsonParser json = JSON.createParser(bytes)) {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    if (json.nextToken() == JsonToken.VALUE_STRING && field.equals("url")) {
                        url = Optional.of(json.getText());
                    } else if (json.currentToken() == JsonToken.VALUE_STRING && field.equals("captured_at")) {
                        capturedAt = Optional.of(json.getText());
                    }
                    json.skipChildren();
                }
            }
        } catch (CharacterCodingException e) {
            throw new CrawlException(file + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new CrawlException(file + " is not JSON", e);
        }
        return new ActionFile(
                text, url, capturedAt.isPresent() ? Optional.of(time(file, capturedAt.get())) : Optional.empty());
    }

    private static Instant time(Path file, String text) throws CrawlException {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new CrawlException(
                    file + " has a captured_at that is no time; write it like 2026-11-20T08:00:00.000Z", e);
        }
    }
}
