package io.stepvault.server.thumbnail;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Scales a picture (PNG, JPEG, GIF, BMP or WebP, told by its first bytes) to a JPEG of a given width. Of a picture that is
 * more than twice as high as wide only the top is taken, as far as that: screenshots of whole pages are far higher, and
 * what is recognized is their top, while a telephone's screen is seen whole. Transparent places become white. Nothing is
 * scaled up.
 *
 * <p>Pictures are hostile: how large one is must be known before it is read, and what is read is bounded. Stateless; safe
 * for any thread.
 */
final class Scaler {
    /** The most pixels of a picture that is read at all. */
    static final long MAX_PIXELS = 64_000_000;

    /** The most pixels that are held, about: of more, every second, third, ... is read in each direction. */
    private static final long HELD_PIXELS = 8_000_000;

    private static final int HIGHEST = 2;
    private static final float QUALITY = 0.85f;
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "gif", "bmp", "webp");

    /**
     * Scales a picture.
     *
     * @param width in pixels; the result is narrower only if the picture is
     * @return empty if it cannot be read or is too large
     */
    Optional<byte[]> scale(byte[] picture, int width) {
        return WebpFrame.isOne(picture) && WebpFrame.hasEndlessProfile(picture)
                ? Optional.empty()
                : readAndScale(picture, width);
    }

    private static Optional<byte[]> readAndScale(byte[] picture, int width) {
        try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(picture))) {
            Optional<ImageReader> found = reader(input);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            ImageReader reader = found.get();
            try {
                // Metadata may be packed a thousandfold, and nobody wants it.
                reader.setInput(input, true, true);
                if (reader.getFormatName().equalsIgnoreCase("webp")
                        && !WebpFrame.fits(picture, reader.getWidth(0), reader.getHeight(0))) {
                    return Optional.empty();
                }
                return read(reader, width).map(top -> jpeg(scaled(top, width)));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            // Readers throw whatever comes to their mind at damaged pictures.
            return Optional.empty();
        }
    }

    private static Optional<ImageReader> reader(ImageInputStream input) throws IOException {
        for (Iterator<ImageReader> readers = ImageIO.getImageReaders(input); readers.hasNext(); ) {
            ImageReader reader = readers.next();
            if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                return Optional.of(reader);
            }
            reader.dispose();
        }
        return Optional.empty();
    }

    private static Optional<BufferedImage> read(ImageReader reader, int width) throws IOException {
        int fullWidth = reader.getWidth(0);
        int fullHeight = reader.getHeight(0);
        if (fullWidth < 1 || fullHeight < 1 || (long) fullWidth * fullHeight > MAX_PIXELS) {
            return Optional.empty();
        }
        int height = (int) Math.min(fullHeight, (long) HIGHEST * fullWidth);
        int every = 1;
        while ((long) (fullWidth / every) * (height / every) > HELD_PIXELS && fullWidth / (every + 1) >= width) {
            every++;
        }
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceRegion(new Rectangle(fullWidth, height));
        param.setSourceSubsampling(every, every, 0, 0);
        BufferedImage image = reader.read(0, param);
        return Optional.of(image);
    }

    /** Halves as long as it can, so that every pixel counts, then goes the rest of the way. */
    private static BufferedImage scaled(BufferedImage source, int width) {
        int target = Math.min(width, source.getWidth());
        BufferedImage image = source;
        while (image.getWidth() >= 2 * target) {
            image = drawn(image, image.getWidth() / 2, Math.max(1, image.getHeight() / 2));
        }
        int height = Math.max(1, (int) Math.round((double) source.getHeight() * target / source.getWidth()));
        return drawn(image, target, height);
    }

    private static BufferedImage drawn(BufferedImage source, int width, int height) {
        BufferedImage target = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = target.createGraphics();
        try {
            graphics.setRenderingHint(
                    java.awt.RenderingHints.KEY_INTERPOLATION, java.awt.RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            graphics.drawImage(source, 0, 0, width, height, null);
        } finally {
            graphics.dispose();
        }
        return target;
    }

    private static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(image), "jpeg")
                .next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(QUALITY);
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
