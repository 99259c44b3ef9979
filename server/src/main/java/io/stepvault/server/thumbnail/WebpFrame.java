package io.stepvault.server.thumbnail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How large the frame of a WebP is. The file says it twice, for its canvas and for the frame in it: the reader tells the
 * one and makes room for the other, so a hostile file has a small canvas and a huge frame. And what the reader must not
 * look at. Format: RFC 9649.
 */
final class WebpFrame {
    private static final int VP8 = tag("VP8 ");
    private static final int VP8L = tag("VP8L");
    private static final int ICCP = tag("ICCP");
    private static final int FOURTEEN_BITS = 0x3FFF;
    private static final int FIRST_CHUNK = 12;

    private WebpFrame() {}

    /**
     * Whether a colour profile says that it has more bytes than follow: the reader would make room for that many, which
     * may be two gigabytes. Wherever there may be one, since readers differ in where they look.
     */
    static boolean hasEndlessProfile(byte[] webp) {
        ByteBuffer file = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        for (int place = FIRST_CHUNK; place + 12 <= file.limit(); place++) {
            if (file.getInt(place) == ICCP) {
                long announced = Integer.toUnsignedLong(Integer.reverseBytes(file.getInt(place + 8)));
                if (announced > file.limit() - (place + 8)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the file has one frame, no larger than this; animations are not read. */
    static boolean fits(byte[] webp, int width, int height) {
        ByteBuffer file = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        int place = FIRST_CHUNK;
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

    /** Whether these are the first bytes of a WebP. */
    static boolean isOne(byte[] picture) {
        ByteBuffer file = ByteBuffer.wrap(picture).order(ByteOrder.LITTLE_ENDIAN);
        return file.limit() >= FIRST_CHUNK && file.getInt(0) == tag("RIFF") && file.getInt(8) == tag("WEBP");
    }

    private static int tag(String name) {
        return name.charAt(0) | name.charAt(1) << 8 | name.charAt(2) << 16 | name.charAt(3) << 24;
    }
}
