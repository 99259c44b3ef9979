package io.stepvault.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** What an answer carries. Nothing is opened or written before the client is known to want it. */
public sealed interface Body {
    /** No body. */
    record Empty() implements Body {}

    /** One JSON value in UTF-8; goes out compressed to those who take that. */
    record Json(Content content) implements Body {}

    /** Bytes at hand. They must not be changed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(byte[] bytes, boolean compressible) implements Body {}

    /**
     * A stream of so many bytes. The last of them are sent only when the stream has ended well, so that what breaks, or
     * proves to be damaged at its end, never looks complete.
     */
    record Stream(long size, Supplier<InputStream> source) implements Body {}

    /** Writes JSON. What it needs is at hand: it may fail only because the client is gone. */
    @FunctionalInterface
    interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }
}
