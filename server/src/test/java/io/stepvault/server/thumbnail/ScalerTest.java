package io.stepvault.server.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalerTest {
    private final Scaler scaler = new Scaler();

    private static byte[] picture(int width, int height, String format) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.BLUE);
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, width / 2, height);
        graphics.dispose();
        return written(image, format);
    }

    private static byte[] written(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, bytes)).isTrue();
        return bytes.toByteArray();
    }

    private BufferedImage scaled(byte[] picture, int width) throws IOException {
        return ImageIO.read(
                new ByteArrayInputStream(scaler.scale(picture, width).orElseThrow()));
    }

    @ParameterizedTest
    @CsvSource({
        "1280, 800, 320, 320, 200",
        "1280, 800, 640, 640, 400",
        "390, 844, 160, 160, 320",
        "400, 600, 160, 160, 240",
        "1000, 9000, 160, 160, 320",
        "100, 50, 320, 100, 50",
        "5000, 2, 320, 320, 1",
        "1, 1, 160, 1, 1",
        "3841, 2161, 320, 320, 180"
    })
    void hasTheWidthAndTheTop(int width, int height, int asked, int givenWidth, int givenHeight) throws IOException {
        BufferedImage thumbnail = scaled(picture(width, height, "png"), asked);

        assertThat(thumbnail.getWidth()).isEqualTo(givenWidth);
        assertThat(thumbnail.getHeight()).isEqualTo(givenHeight);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "gif", "bmp"})
    void readsManyFormats(String format) throws IOException {
        BufferedImage thumbnail = scaled(picture(640, 400, format), 160);

        assertThat(new Color(thumbnail.getRGB(20, 50)).getRed()).isGreaterThan(240);
        assertThat(new Color(thumbnail.getRGB(140, 50)).getBlue()).isGreaterThan(240);
    }

    /** Made by a browser's canvas, red on the left and blue on the right. */
    private static byte[] webp(String name) throws IOException {
        try (InputStream file = ScalerTest.class.getResourceAsStream("/pictures/" + name)) {
            return Objects.requireNonNull(file, name).readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossy.webp", "lossless.webp"})
    void readsWebp(String name) throws IOException {
        BufferedImage thumbnail = scaled(webp(name), 160);

        assertThat(thumbnail.getWidth()).isEqualTo(64);
        assertThat(thumbnail.getHeight()).isEqualTo(40);
        assertThat(new Color(thumbnail.getRGB(10, 20)).getRed()).isGreaterThan(230);
        assertThat(new Color(thumbnail.getRGB(54, 20)).getBlue()).isGreaterThan(230);
    }

    @Test
    void doesNotReadWebpWhoseFrameIsLargerThanItSays() throws IOException {
        byte[] lossy = webp("lossy.webp");
        ByteBuffer frame = ByteBuffer.wrap(lossy).order(ByteOrder.LITTLE_ENDIAN);
        int size = new String(lossy, StandardCharsets.ISO_8859_1).indexOf("VP8 ") + 14;
        assertThat(frame.getShort(size)).isEqualTo((short) 64);

        frame.putShort(size, (short) 16_383);

        assertThat(scaler.scale(lossy, 160)).isEmpty();
    }

    @Test
    void putsTransparentPicturesOnWhite() throws IOException {
        BufferedImage image = new BufferedImage(400, 400, BufferedImage.TYPE_INT_ARGB);

        BufferedImage thumbnail = scaled(written(image, "png"), 160);

        assertThat(new Color(thumbnail.getRGB(80, 80))).isEqualTo(Color.WHITE);
    }

    @Test
    void readsLargePicturesInPart() throws IOException {
        BufferedImage thumbnail = scaled(picture(6_000, 8_000, "png"), 640);

        assertThat(thumbnail.getWidth()).isEqualTo(640);
        assertThat(thumbnail.getHeight()).isEqualTo(853);
    }

    @Test
    void doesNotReadPicturesThatAreTooLarge() {
        // A PNG of a few bytes that says it has 100,000 by 100,000 pixels.
        assertThat(scaler.scale(pngOf(100_000, 100_000), 160)).isEmpty();
        assertThat(scaler.scale(pngOf(Integer.MAX_VALUE, 1), 160)).isEmpty();
        assertThat(scaler.scale(pngOf(8_001, 8_000), 160)).isEmpty();
    }

    private static byte[] pngOf(int width, int height) {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 0, 0, 0, 0});
        Deflater deflater = new Deflater();
        deflater.setInput(new byte[1_000]);
        deflater.finish();
        byte[] data = new byte[100];
        int length = deflater.deflate(data);
        deflater.end();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        chunk(png, "IHDR", header.array());
        chunk(png, "IDAT", Arrays.copyOf(data, length));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(name);
        png.writeBytes(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<svg xmlns='http://www.w3.org/2000/svg'/>", "GIF89a", "BM", "RIFFxxxxWEBP"})
    void doesNotReadWhatIsNoPicture(String text) {
        assertThat(scaler.scale(text.getBytes(StandardCharsets.UTF_8), 160)).isEmpty();
    }

    @Test
    void makesNoRoomForTheColourProfileThatAWebpAnnounces() throws IOException {
        byte[] webp = webp("lossy.webp");
        int profile = new String(webp, StandardCharsets.ISO_8859_1).indexOf("ICCP") + 8;
        assertThat(scaler.scale(webp, 160)).isPresent();

        ByteBuffer.wrap(webp).putInt(profile, Integer.MAX_VALUE - 8);

        assertThat(scaler.scale(webp, 160)).isEmpty();
    }

    @Property(tries = 300)
    void survivesDamage(
            @ForAll long seed, @ForAll @IntRange(max = 4) int format, @ForAll @IntRange(min = 1, max = 20) int flips)
            throws IOException {
        byte[] picture =
                format == 4 ? webp("lossy.webp") : picture(64, 48, new String[] {"png", "jpeg", "gif", "bmp"}[format]);
        Random random = new Random(seed);
        for (int i = 0; i < flips; i++) {
            picture[random.nextInt(picture.length)] = (byte) random.nextInt();
        }

        scaler.scale(picture, 160).ifPresent(jpeg -> assertThat(jpeg).startsWith(0xFF, 0xD8));
    }
}
