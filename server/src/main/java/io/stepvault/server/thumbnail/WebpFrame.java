package io.stepvault.server.thumbnail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How large the frame of a WebP is. The file says it twice, for its canvas and for the frame in it: the reader tells the
 * one and makes room for the other, so a hostile file has a small canvas and a huge frame. Format: RFC 9649.
 */
final class WebpFrame {
    private static final int VP8 = tag("VP8 ");
    private static final int VP8L = tag("VP8L");
    private static final int FOURTEEN_BITS = 0x3FFF;

    private WebpFrame() {}

    /** Whether the file has one frame, no larger than this; animations are not read. */
    static boolean fits(byte[] webp, int width, int height) {
        ByteBuffer file = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        int place = 12;
        while (place + 18 <= file.limit()) {
            int tag = file.getInt(place);
            if (tag == VP8) {
                int frameWidth = file.getShort(place + 14) & FOURTEEN_BITS;
                int frameHeight = file.getShort(place + 16) & FOURTEEN_BITS;
                return frameWidth <= width && frameHeight <= height;
            }
            if (tag == VP8L) {
                int bits = file.getInt(place + 9);
                int frameWidth = (bits & FOURTEEN_BITS) + 1;
                int frameHeight = (bits >>> 14 & FOURTEEN_BITS) + 1;
                return frameWidth <= width && frameHeight <= height;
            }
            long next = place + 8L + Integer.toUnsignedLong(file.getInt(place + 4));
            // Chunks have an even number of bytes.
            place = (int) Math.min(file.limit(), next + (next & 1));
        }
        return false;
    }

    private static int tag(String name) {
        return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
    }
}
