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

/** What may befall a stored step: which of its objects, how, and what an audit must say. */
enum Damage {
    PAGE_GONE("page.html", Change.REMOVED, AuditDepth.LISTING, Outcome.DIFFERING),
    SCREENSHOT_GONE("screenshot.png", Change.REMOVED, AuditDepth.LISTING, Outcome.DIFFERING),
    ATTACHMENT_GONE("attachments/log", Change.REMOVED, AuditDepth.LISTING, Outcome.DIFFERING),
    COMMIT_RECORD_GONE("step.json", Change.REMOVED, AuditDepth.LISTING, Outcome.MISSING),
    ALL_GONE("", Change.REMOVED, AuditDepth.LISTING, Outcome.MISSING),
    PAGE_CUT_SHORT("page.html", Change.CUT, AuditDepth.LISTING, Outcome.DIFFERING),
    PAGE_EMPTY("page.html", Change.EMPTIED, AuditDepth.LISTING, Outcome.DIFFERING),
    PAGE_TOO_LONG("page.html", Change.LONGER, AuditDepth.LISTING, Outcome.DIFFERING),
    SCREENSHOT_CUT_SHORT("screenshot.png", Change.CUT, AuditDepth.LISTING, Outcome.DIFFERING),
    COMMIT_RECORD_CUT_SHORT("step.json", Change.CUT, AuditDepth.LISTING, Outcome.DIFFERING),
    COMMIT_RECORD_EMPTY("step.json", Change.EMPTIED, AuditDepth.LISTING, Outcome.DIFFERING),
    COMMIT_RECORD_ALTERED("step.json", Change.ALTERED, AuditDepth.CHECKSUMS, Outcome.DIFFERING),
    COMMIT_RECORD_GARBAGE("step.json", Change.ZEROED, AuditDepth.CHECKSUMS, Outcome.DIFFERING),
    PAGE_ALTERED("page.html", Change.ALTERED, AuditDepth.CONTENT, Outcome.DIFFERING),
    SCREENSHOT_ALTERED("screenshot.png", Change.ALTERED, AuditDepth.CONTENT, Outcome.DIFFERING),
    ATTACHMENT_ALTERED("attachments/log", Change.ALTERED, AuditDepth.CONTENT, Outcome.DIFFERING);

    static final byte[] TEXT = "left by a writer that died".getBytes(StandardCharsets.UTF_8);

    /** What is done to an object's bytes. */
    private enum Change {
        REMOVED,
        EMPTIED,
        CUT,
        LONGER,
        ZEROED,
        /** In the middle, and so that text stays text. */
        ALTERED;

        byte[] of(byte[] bytes) {
            byte[] altered = bytes.clone();
            altered[bytes.length / 2] ^= 1;
            return switch (this) {
                case REMOVED, EMPTIED -> new byte[0];
                case CUT -> Arrays.copyOf(bytes, bytes.length - 1);
                case LONGER -> Arrays.copyOf(bytes, bytes.length + 1);
                case ZEROED -> new byte[bytes.length];
                case ALTERED -> altered;
            };
        }
    }

    private final String object;
    private final Change change;
    private final AuditDepth noticedAt;
    private final Outcome outcome;

    Damage(String object, Change change, AuditDepth noticedAt, Outcome outcome) {
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
            if (change == Change.REMOVED) {
                objects.delete(key);
            } else {
                put(objects, key, change.of(read(objects, key)));
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
}
