package io.stepvault.server.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.stepvault.server.SteppedClock;
import io.stepvault.server.http.ProblemException;
import io.stepvault.storage.object.TransientStoreException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThumbnailsTest {
    private final Thumbnails thumbnails = new Thumbnails(new SteppedClock());
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final AtomicInteger read = new AtomicInteger();

    @AfterEach
    void close() {
        thumbnails.close();
        callers.shutdownNow();
    }

    private byte[] picture() {
        read.incrementAndGet();
        try {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB), "png", png);
            return png.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void areMadeOnceForEachWidth() {
        byte[] first = thumbnails.of("a", 160, this::picture);

        assertThat(thumbnails.of("a", 160, this::picture)).isEqualTo(first);
        assertThat(read).hasValue(1);
        assertThat(thumbnails.of("a", 320, this::picture)).isNotEqualTo(first);
        assertThat(thumbnails.of("b", 160, this::picture)).isEqualTo(first);
        assertThat(read).hasValue(3);
    }

    @Test
    void areNotMadeOfWhatIsNoPicture() {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> thumbnails.of("a", 160, () -> new byte[] {1, 2, 3}))
                .satisfies(e -> assertThat(e.problem().status()).isEqualTo(415));
    }

    @Test
    void failWithTheStoreAndAreTriedAgain() {
        assertThatExceptionOfType(TransientStoreException.class)
                .isThrownBy(() -> thumbnails.of("a", 160, () -> {
                    throw new TransientStoreException("store", "key", "down", null);
                }));

        assertThat(thumbnails.of("a", 160, this::picture)).isNotEmpty();
    }

    @Test
    void turnAwayThoseForWhomThereIsNoRoom() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger refused = new AtomicInteger();
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String key = "key" + i;
            asked.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            thumbnails.of(key, 160, () -> {
                                join(go);
                                return picture();
                            });
                        } catch (ProblemException e) {
                            assertThat(e.problem().status()).isEqualTo(503);
                            assertThat(e.problem().headers()).containsKey("Retry-After");
                            refused.incrementAndGet();
                        }
                    },
                    callers));
        }
        await().until(() -> refused.get() == 6);
        go.countDown();

        asked.forEach(CompletableFuture::join);
        assertThat(read).hasValue(34);
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
