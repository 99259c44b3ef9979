package io.stepvault.worker.audit;

import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What may befall a stored step: which of its objects, how, and what an audit must say. */
enum Damage {
    PAGE_GONE("page.html", null, AuditDepth.LISTING, Outcome.DIFFERING),
    SCREENSHOT_GONE("screenshot.png", null, AuditDepth.LISTING, Outcome.DIFFERING),
    ATTACHMENT_GONE("attachments/log", null, AuditDepth.LISTING, Outcome.DIFFERING),
    COMMIT_RECORD_GONE("step.json", null, AuditDepth.LISTING, Outcome.MISSING),
    ALL_GONE("", null, AuditDepth.LISTING, Outcome.MISSING),
    PAGE_CUT_SHORT("page.html", Damage::cut, AuditDepth.LISTING, Outcome.DIFFERING),
    PAGE_EMPTY("page.html", bytes -> new byte[0], AuditDepth.LISTING, Outcome.DIFFERING),
    PAGE_TOO_LONG("page.html", bytes -> Arrays.copyOf(bytes, bytes.length + 1), AuditDepth.LISTING, Outcome.DIFFERING),
    SCREENSHOT_CUT_SHORT("screenshot.png", Damage::cut, AuditDepth.LISTING, Outcome.DIFFERING),
    COMMIT_RECORD_CUT_SHORT("step.json", Damage::cut, AuditDepth.LISTING, Outcome.DIFFERING),
    COMMIT_RECORD_EMPTY("step.json", bytes -> new byte[0], AuditDepth.LISTING, Outcome.DIFFERING),
    COMMIT_RECORD_ALTERED("step.json", Damage::alter, AuditDepth.CHECKSUMS, Outcome.DIFFERING),
    COMMIT_RECORD_GARBAGE("step.json", bytes -> new byte[bytes.length], AuditDepth.CHECKSUMS, Outcome.DIFFERING),
    PAGE_ALTERED("page.html", Damage::alter, AuditDepth.CONTENT, Outcome.DIFFERING),
    SCREENSHOT_ALTERED("screenshot.png", Damage::alter, AuditDepth.CONTENT, Outcome.DIFFERING),
    ATTACHMENT_ALTERED("attachments/log", Damage::alter, AuditDepth.CONTENT, Outcome.DIFFERING);

    private final String object;
    private final transient @Nullable UnaryOperator<byte[]> change;
    private final AuditDepth noticedAt;
    private final Outcome outcome;

    Damage(String object, @Nullable UnaryOperator<byte[]> change, AuditDepth noticedAt, Outcome outcome) {
        this.object = object;
        this.change = change;
        this.noticedAt = noticedAt;
        this.outcome = outcome;
    }

    /** The least depth at which it is noticed where the store keeps no checksums. */
    AuditDepth noticedAt() {
        return noticedAt;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Whether an artifact's bytes change and its size does not: what checksums tell. */
    boolean keepsSize() {
        return noticedAt == AuditDepth.CONTENT;
    }

    /** Does it to the revision under {@code prefix}, in whatever form its objects are. */
    void befall(ObjectStore objects, String prefix) {
        List<String> hit = keys(objects, prefix).stream()
                .filter(key -> key.endsWith("/" + object) || object.isEmpty())
                .toList();
        if (hit.isEmpty()) {
            throw new IllegalStateException("nothing to damage: " + prefix + object);
        }
        hit.forEach(key -> {
            if (change == null) {
                objects.delete(key);
            } else {
                put(objects, key, change.apply(read(objects, key)));
            }
        });
    }

    static void put(ObjectStore objects, String key, byte[] bytes) {
        // a file store keeps what it has: like any writer it knows that the same key is the same content
        objects.delete(key);
        objects.put(new PutRequest(key, "text/plain", ByteBuffer.wrap(bytes), Map.of()))
                .join();
    }

    static byte[] read(ObjectStore objects, String key) {
        try (InputStream in = objects.get(key)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> keys(ObjectStore objects, String prefix) {
        return objects.list(ListRequest.of(prefix)).objects().stream()
                .map(ObjectInfo::key)
                .toList();
    }

    private static byte[] cut(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length - 1);
    }

    /** In the middle, and so that text stays text. */
    private static byte[] alter(byte[] bytes) {
        byte[] altered = bytes.clone();
        altered[bytes.length / 2] ^= 1;
        return altered;
    }

    static final byte[] TEXT = "left by a writer that died".getBytes(StandardCharsets.UTF_8);
}
