package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** What is shown of a store to those who check it, over any object store. */
abstract class StoreInspectionContract {
    private static final String PAGE = "<p>a page that is worth compressing</p>".repeat(100);

    /** An empty store; closed by whoever opened it. */
    abstract ObjectStore objects();

    /** What all keys begin with, without a slash at the end. */
    String prefix() {
        return "";
    }

    /** Whether the store tells the checksums of what was put. */
    boolean keepsChecksums() {
        return false;
    }

    private StoreInspection inspection() {
        return new StoreInspection(objects(), prefix(), TestStores.direct());
    }

    private void store(Compression compression, StepCapture... captures) {
        StepStore store =
                new ObjectStepStore(objects(), prefix(), TestStores.direct().withCompression(compression));
        assertThat(store.store(List.of(captures))).allMatch(StoreOutcome.Stored.class::isInstance);
    }

    private void put(String key, byte[] bytes) {
        String root = prefix().isEmpty() ? "" : prefix() + "/";
        objects().delete(root + key);
        objects()
                .put(new PutRequest(root + key, "text/plain", ByteBuffer.wrap(bytes), Map.of()))
                .join();
    }

    @Test
    void showsAllRevisionsInTheOrderOfTheirKeysAndWhatLiesAmongThem() {
        store(
                Compression.NONE,
                aStep().inSession("a")
                        .html(PAGE)
                        .screenshot("image/png", new byte[5])
                        .build(),
                aStep().inSession("a-b").build(),
                aStep().inSession("a")
                        .called("x/y")
                        .attachment("log 1", new byte[7])
                        .build(),
                aStep().inSession("a").at(NOON.plusSeconds(1)).build(),
                aStep().inSession("b").build());
        String orphan =
                "sessions/b/steps/left/" + revision(aStep().called("left").build()) + "/page.html";
        put(orphan, new byte[9]);
        put("sessions/a/notes.txt", new byte[3]);
        List<StoredRevision> all = new ArrayList<>();
        List<ObjectInfo> strangers = new ArrayList<>();

        inspection().forEach("", all::add, strangers::add);

        assertThat(all.stream().map(revision -> revision.sessionId() + " " + revision.stepId()))
                .containsExactly("a-b step", "a step", "a step", "a x/y", "b left", "b step");
        assertThat(all.stream().map(StoredRevision::isCommitted)).containsExactly(true, true, true, true, false, true);
        assertThat(all.get(1).objects().stream().map(StoredObject::name))
                .containsExactly("page.html", "screenshot.png", "step.json");
        assertThat(all.get(1).objects().get(0).size()).isEqualTo(PAGE.length());
        assertThat(all.get(3).objects().get(0).name())
                .isEqualTo(StoreInspection.objectName("attachments/log 1", "application/json"));
        assertThat(all.get(4).objects().get(0).size()).isEqualTo(9);
        assertThat(strangers)
                .singleElement()
                .satisfies(stranger -> assertThat(stranger.key()).endsWith("sessions/a/notes.txt"));
    }

    @Test
    void showsAPrefixASessionAStepAndARevision() {
        StepCapture first = aStep().inSession("a").build();
        StepCapture second = aStep().inSession("a").at(NOON.plusSeconds(1)).build();
        store(
                Compression.NONE,
                first,
                second,
                aStep().inSession("a").called("step2").build(),
                aStep().inSession("ab").build(),
                aStep().inSession("b").build());
        List<StoredRevision> prefixed = new ArrayList<>();
        List<StoredRevision> session = new ArrayList<>();

        inspection().forEach("a", prefixed::add, stranger -> {});
        inspection().forEachOf("a", session::add, stranger -> {});

        assertThat(prefixed).hasSize(4);
        assertThat(session).hasSize(3);
        assertThat(inspection().find("a", "step", revision(second))).contains(session.get(1));
        assertThat(inspection().find("a", "step", revision(aStep().ending().build())))
                .isEmpty();
        assertThat(inspection().lastRevisions("a", "step", 1)).containsExactly(revision(second));
        assertThat(inspection().lastRevisions("a", "step", 5)).containsExactly(revision(first), revision(second));
        assertThat(inspection().lastRevisions("a", "nowhere", 5)).isEmpty();
    }

    @Test
    void readsCommitRecords() {
        StepCapture capture = aStep().html(PAGE).build();
        store(Compression.NONE, capture);
        StoredRevision stored = found(capture);

        assertThat(inspection().readCommitRecord(stored))
                .hasValueSatisfying(json -> assertThat(CommitRecord.parse(json)).isEqualTo(CommitRecord.of(capture)));
        objects().delete(inspection().key(stored, stored.commitRecord().orElseThrow()));
        assertThat(inspection().readCommitRecord(stored)).isEmpty();
        assertThat(found(capture).isCommitted()).isFalse();
    }

    @Test
    void tellsOfEitherFormWhatContentItHas() {
        StepCapture capture = aStep().html(PAGE).build();
        store(Compression.NONE, capture);
        store(Compression.GZIP, capture);
        StoredRevision stored = found(capture);
        StoredObject gzip = stored.objects().get(0);
        StoredObject plain = stored.objects().get(1);

        assertThat(gzip.name()).isEqualTo("gzip/page.html");
        assertThat(gzip.isCompressed()).isTrue();
        assertThat(gzip.plainName()).isEqualTo(plain.name()).isEqualTo("page.html");
        assertThat(inspection().trace(stored, gzip))
                .isEqualTo(new ContentTrace(OptionalLong.of(PAGE.length()), OptionalInt.of(crc32(PAGE))));
        assertThat(inspection().trace(stored, plain))
                .isEqualTo(new ContentTrace(
                        OptionalLong.of(PAGE.length()),
                        keepsChecksums() ? OptionalInt.of(crc32(PAGE)) : OptionalInt.empty()));
        ContentDigest whole = new ContentDigest(
                PAGE.length(),
                Optional.ofNullable(CommitRecord.of(capture).artifacts().get("html"))
                        .orElseThrow()
                        .sha256());
        assertThat(inspection().digest(stored, gzip, PAGE.length())).isEqualTo(whole);
        assertThat(inspection().digest(stored, plain, PAGE.length())).isEqualTo(whole);
        assertThat(inspection().digest(stored, plain, 10).size()).isEqualTo(11);
        assertThat(inspection().digest(stored, gzip, 10).size()).isEqualTo(11);
    }

    @Test
    void tellsDamageOfWhatIsCompressed() {
        StepCapture capture = aStep().html(PAGE).build();
        store(Compression.GZIP, capture);
        StoredRevision listed = found(capture);
        StoredObject page = listed.objects().get(0);
        String key = inspection().key(listed, page).substring(prefix().isEmpty() ? 0 : prefix().length() + 1);

        put(key, new byte[5]);
        assertThat(inspection().trace(listed, page)).isEqualTo(ContentTrace.NOTHING);
        assertThat(inspection().trace(found(capture), found(capture).objects().get(0)))
                .isEqualTo(ContentTrace.NOTHING);
        put(key, new byte[] {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 7, 7, 7});
        assertThatThrownBy(() -> inspection().digest(listed, page, 100)).isInstanceOf(ObjectCorruptException.class);
        objects().delete(inspection().key(listed, page));
        assertThatThrownBy(() -> inspection().digest(listed, page, 100)).isInstanceOf(ObjectNotFoundException.class);
        assertThatThrownBy(() -> inspection().trace(listed, page)).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void knowsWhichSessionsAreDeleted() {
        store(
                Compression.NONE,
                aStep().inSession("a").build(),
                aStep().inSession("b").build());
        new SessionLifecycle(objects(), prefix(), TestStores.direct()).delete("a");

        assertThat(inspection().isDeleted("a")).isTrue();
        assertThat(inspection().isDeleted("b")).isFalse();
        assertThat(inspection().deletedSessions()).accepts("a").rejects("b", "c");
        assertThat(inspection().policy()).isEmpty();
    }

    private StoredRevision found(StepCapture capture) {
        return inspection()
                .find(capture.getSessionId(), capture.getStepId(), revision(capture))
                .orElseThrow();
    }

    private static Revision revision(StepCapture capture) {
        return CommitRecord.of(capture).revision();
    }

    private static int crc32(String text) {
        CRC32 crc32 = new CRC32();
        crc32.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) crc32.getValue();
    }
}
