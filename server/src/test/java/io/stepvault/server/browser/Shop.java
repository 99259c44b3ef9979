package io.stepvault.server.browser;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.StepCaptures;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** A crawl of a shop that does not exist: pages with links, pictures of them, and clicks with their places. */
final class Shop {
    static final int WIDTH = 1280;
    static final int HEIGHT = 800;

    private static final String[] SHELVES = {"Lamps", "Chairs", "Tables", "Shelves", "Rugs", "Clocks"};
    private static final Color[] COLOURS = {
        new Color(0x0b7285),
        new Color(0x9c36b5),
        new Color(0xc2410c),
        new Color(0x2b8a3e),
        new Color(0x364fc7),
        new Color(0xa61e4d)
    };

    private static final List<byte[]> PICTURES =
            IntStream.range(0, SHELVES.length).mapToObj(Shop::draw).toList();

    private Shop() {}

    /** A session of so many steps, some seconds apart; the last one ends it. */
    static List<StepCapture> visit(String session, Instant start, int steps) {
        List<StepCapture> captures = new ArrayList<>();
        Instant at = start;
        for (int step = 0; step < steps; step++) {
            captures.add(
                    step(session, step, at).setEndOfSession(step == steps - 1).build());
            at = at.plusMillis(2_100L + step * 370L % 3_000L);
        }
        return captures;
    }

    /** One step; its id is {@code step-0000} and so on. */
    static StepCapture.Builder step(String session, int step, Instant at) {
        String id = "step-%04d".formatted(step);
        return StepCaptures.of(session, id, at)
                .setSequence((long) step)
                .setUrl("https://shop.example.org/" + shelf(step).toLowerCase(Locale.ROOT) + "?page=" + step)
                .setAction(action(step))
                .setHtml(Artifacts.html(page(step)))
                .setScreenshot(Artifacts.png(picture(step)))
                .setLabels(Map.of("crawler", "shop-bot", "market", "de"));
    }

    static String shelf(int step) {
        return SHELVES[step % SHELVES.length];
    }

    static String action(int step) {
        if (step == 0) {
            return """
                    {"type": "navigate", "url": "https://shop.example.org/lamps?page=0", "title": "Lamps",
                     "viewport": {"width": 1280, "height": 800}}""";
        }
        return """
                {"type": "click", "selector": "#shelf-%d > a.more", "text": "More %s", "title": "%s",
                 "x": %d, "y": 331, "boundingBox": {"x": %d, "y": 310, "width": 190, "height": 42},
                 "viewport": {"width": 1280, "height": 800}}""".formatted(step % 4, shelf(step), shelf(step), 175 + 300 * (step % 4), 80 + 300 * (step % 4));
    }

    static String page(int step) {
        StringBuilder html = new StringBuilder("""
                <!doctype html>
                <html lang="en">
                <head>
                  <title>%s</title>
                  <style>body { font: 16px sans-serif; margin: 40px } .shelf { display: inline-block; width: 280px }</style>
                </head>
                <body>
                  <!-- Rendered for visit %d -->
                  <h1 style="color: #333">%s</h1>
                """.formatted(shelf(step), step, shelf(step)));
        for (int shelf = 0; shelf < 4; shelf++) {
            html.append(
                    """
                      <div class="shelf" id="shelf-%d">
                        <h2>%s %d</h2>
                        <p>In stock: %d</p>
                        <a class="more" href="/more?shelf=%d&amp;step=%d">More %s</a>
                      </div>
                    """.formatted(shelf, shelf(step), shelf, 40 + (step * 7 + shelf) % 50, shelf, step, shelf(step)));
        }
        return html.append("  <p>All prices include tax.</p>\n</body>\n</html>\n")
                .toString();
    }

    /** A picture of the page, as PNG; pages of the same shelf look the same. */
    static byte[] picture(int step) {
        return PICTURES.get(step % PICTURES.size());
    }

    private static byte[] draw(int step) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(new Color(0xfafafa));
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        Color colour = COLOURS[step % COLOURS.length];
        graphics.setColor(colour);
        graphics.fillRect(0, 0, WIDTH, 96);
        graphics.setColor(Color.WHITE);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 40));
        graphics.drawString(shelf(step), 80, 63);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 20));
        graphics.drawString("shop.example.org", 1_040, 58);
        for (int shelf = 0; shelf < 4; shelf++) {
            int x = 80 + 300 * shelf;
            graphics.setColor(Color.WHITE);
            graphics.fillRoundRect(x - 20, 140, 240, 240, 18, 18);
            graphics.setColor(new Color(0xe3e6e8));
            graphics.drawRoundRect(x - 20, 140, 240, 240, 18, 18);
            graphics.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 60 + 40 * shelf));
            graphics.fillOval(x + 55, 165, 80, 80);
            graphics.setColor(new Color(0x343a40));
            graphics.drawString(shelf(step) + " " + shelf, x, 285);
            graphics.setColor(colour);
            graphics.fillRoundRect(x, 310, 190, 42, 12, 12);
            graphics.setColor(Color.WHITE);
            graphics.drawString("More " + shelf(step), x + 36, 338);
        }
        graphics.setColor(new Color(0xced4da));
        for (int line = 0; line < 8; line++) {
            graphics.fillRoundRect(80, 440 + line * 36, 1_100 - (line * 137 + step * 61) % 420, 14, 8, 8);
        }
        graphics.dispose();
        return png(image);
    }

    /** The smallest picture, as PNG. */
    static byte[] dot() {
        return png(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    }

    private static byte[] png(BufferedImage image) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }

    static Artifact text(String type, String text) {
        return Artifacts.of(type, text.getBytes(StandardCharsets.UTF_8));
    }
}
