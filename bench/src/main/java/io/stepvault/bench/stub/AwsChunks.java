package io.stepvault.bench.stub;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Takes the payload out of a body in pieces ({@code aws-chunked}): {@code <hex length>[;extension]CRLF<bytes>CRLF}, the
 * last of length 0, then trailers and an empty line. Used by one thread.
 */
final class AwsChunks implements RequestReader.Body {
    private static final int LONGEST_LINE = 1_000;

    private enum Part {
        LENGTH,
        BYTES,
        END_OF_BYTES,
        TRAILERS,
        DONE
    }

    private final RequestReader.Body payload;
    private final StringBuilder line = new StringBuilder();
    private final Map<String, String> trailers = new HashMap<>();
    private Part part = Part.LENGTH;
    private long left;

    AwsChunks(RequestReader.Body payload) {
        this.payload = payload;
    }

    /** @throws IllegalArgumentException if it is no such body */
    @Override
    public void take(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (part == Part.BYTES) {
                int count = (int) Math.min(left, end - at);
                payload.take(bytes, at, count);
                at += count;
                left -= count;
                part = left == 0 ? Part.END_OF_BYTES : Part.BYTES;
            } else {
                take((char) bytes[at++]);
            }
        }
    }

    private void take(char character) {
        if (character == '\n') {
            String text = line.toString().stripTrailing();
            line.setLength(0);
            endLine(text);
        } else if (line.append(character).length() > LONGEST_LINE) {
            throw new IllegalArgumentException("not aws-chunked: a line of more than " + LONGEST_LINE);
        }
    }

    private void endLine(String text) {
        switch (part) {
            case LENGTH -> {
                int extension = text.indexOf(';');
                left = Long.parseLong(extension < 0 ? text : text.substring(0, extension), 16);
                part = left == 0 ? Part.TRAILERS : Part.BYTES;
            }
            case END_OF_BYTES -> part = Part.LENGTH;
            case TRAILERS -> {
                int colon = text.indexOf(':');
                if (colon > 0) {
                    trailers.put(
                            text.substring(0, colon).toLowerCase(Locale.ROOT),
                            text.substring(colon + 1).strip());
                } else {
                    part = Part.DONE;
                }
            }
            case BYTES, DONE -> throw new IllegalArgumentException("not aws-chunked: more after its end");
        }
    }

    /** Whether its end has come. */
    boolean isComplete() {
        return part == Part.DONE;
    }

    /** What followed the last piece, by name in lower case. */
    Map<String, String> trailers() {
        return trailers;
    }
}
