package io.stepvault.embedded.front;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The body of a message of HTTP/1.1 as it is on the line, the framing of chunks included, piece by piece. Used by one
 * thread.
 */
final class HttpBody {
    private static final int MAX_PIECE = 16 << 10;
    private static final int MAX_LINE = 64 << 10;

    private enum Framing {
        LENGTH,
        CHUNKS,
        UNTIL_CLOSE
    }

    private final InputStream in;
    private final Framing framing;
    private final Optional<Long> length;
    private long left;
    private boolean inTrailers;
    private boolean ended;

    private HttpBody(InputStream in, Framing framing, long length) {
        this.in = in;
        this.framing = framing;
        this.length = framing == Framing.LENGTH ? Optional.of(length) : Optional.empty();
        this.left = length;
        this.ended = framing == Framing.LENGTH && length == 0;
    }

    static HttpBody ofRequest(HttpHead head, InputStream in) throws IOException {
        return head.isChunked()
                ? new HttpBody(in, Framing.CHUNKS, 0)
                : new HttpBody(in, Framing.LENGTH, head.contentLength().orElse(0L));
    }

    static HttpBody ofAnswer(HttpHead request, HttpHead answer, InputStream in) throws IOException {
        int status = answer.status();
        if (request.method().equals("HEAD") || status == 204 || status == 304) {
            return new HttpBody(in, Framing.LENGTH, 0);
        } else if (answer.isChunked()) {
            return new HttpBody(in, Framing.CHUNKS, 0);
        }
        return answer.contentLength()
                .map(length -> new HttpBody(in, Framing.LENGTH, length))
                .orElseGet(() -> new HttpBody(in, Framing.UNTIL_CLOSE, 0));
    }

    /** Where the middle is, as near as can be told beforehand; 0 of an empty body. */
    long middle() {
        return length.map(all -> all / 2).orElse(1L);
    }

    boolean isEmpty() {
        return length.isPresent() && length.get() == 0;
    }

    /** Whether the connection must end after it. */
    boolean endsConnection() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /** The next bytes; empty at the end. */
    byte[] next() throws IOException {
        if (ended) {
            return new byte[0];
        }
        return switch (framing) {
            case LENGTH -> {
                byte[] piece = exactly();
                ended = left == 0;
                yield piece;
            }
            case CHUNKS -> left > 0 ? exactly() : line();
            case UNTIL_CLOSE -> {
                byte[] piece = in.readNBytes(MAX_PIECE);
                ended = piece.length == 0;
                yield piece;
            }
        };
    }

    private byte[] exactly() throws IOException {
        byte[] buffer = new byte[(int) Math.min(MAX_PIECE, left)];
        int read = in.readNBytes(buffer, 0, buffer.length);
        if (read < buffer.length) {
            throw new IOException("the connection ended within a body");
        }
        left -= read;
        return buffer;
    }

    /** A line between chunks: the size of the next one, or a trailer, or the empty one at the end. */
    private byte[] line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(32);
        for (int next = 0; next != '\n'; ) {
            next = in.read();
            if (next < 0 || bytes.size() > MAX_LINE) {
                throw new IOException("the connection ended, or lost its way, within a chunked body");
            }
            bytes.write(next);
        }
        byte[] line = bytes.toByteArray();
        String text = new String(line, StandardCharsets.ISO_8859_1).strip();
        if (inTrailers) {
            ended = text.isEmpty();
        } else {
            long size = size(text);
            inTrailers = size == 0;
            left = size == 0 ? 0 : size + 2; // and its end of line
        }
        return line;
    }

    private static long size(String line) throws IOException {
        try {
            return Long.parseLong(line.split(";", 2)[0].strip(), 16);
        } catch (NumberFormatException e) {
            throw new IOException("not the size of a chunk: " + line, e);
        }
    }
}
