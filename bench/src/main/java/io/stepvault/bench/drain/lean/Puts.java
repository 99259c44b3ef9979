package io.stepvault.bench.drain.lean;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How many puts a lean loop makes of what it consumes. */
public enum Puts {
    /** One of ten captures of a partition, one after the other. */
    PER_BATCH("one put per batch of 10"),

    /** One of each capture. */
    PER_CAPTURE("one put per capture"),

    /**
     * Three of each capture, as many as Stepvault's objects layout makes: page, screenshot and commit record. The loop
     * does not look into the capture: a capture of 180 KB is cut at 100 KB, others in proportion, and the third object is
     * always the same.
     */
    PER_ARTIFACT("three puts per capture");

    /** How many captures {@link #PER_BATCH} puts at once. */
    static final int BATCH = 10;

    /** As large as the commit record of a capture with a page, a screenshot and an action. */
    static final int RECORD_BYTES = 600;

    private static final byte[] RECORD = " ".repeat(RECORD_BYTES).getBytes(StandardCharsets.US_ASCII);

    private final String description;

    Puts(String description) {
        this.description = description;
    }

    /** For tables. */
    public String description() {
        return description;
    }

    /** How many captures of a partition go together. */
    int captures() {
        return this == PER_BATCH ? BATCH : 1;
    }

    /** The objects to be made of some captures that go together; nothing is copied. */
    List<Body> cut(List<byte[]> captures) {
        if (this != PER_ARTIFACT) {
            return List.of(new Body("", captures.stream().map(ByteBuffer::wrap).toList()));
        }
        byte[] capture = captures.get(0);
        int page = (int) (capture.length * 5L / 9);
        return List.of(
                new Body("/page", List.of(ByteBuffer.wrap(capture, 0, page))),
                new Body("/screenshot", List.of(ByteBuffer.wrap(capture, page, capture.length - page))),
                new Body("/step", List.of(ByteBuffer.wrap(RECORD))));
    }

    /**
     * What an object will hold.
     *
     * @param name the end of its key
     * @param pieces its bytes, one after the other, backed by arrays
     */
    record Body(String name, List<ByteBuffer> pieces) {
        long bytes() {
            long bytes = 0;
            for (ByteBuffer piece : pieces) {
                bytes += piece.remaining();
            }
            return bytes;
        }
    }
}
