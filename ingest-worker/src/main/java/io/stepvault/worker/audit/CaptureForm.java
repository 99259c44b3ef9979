package io.stepvault.worker.audit;

import io.stepvault.worker.audit.sort.Entry;
import io.stepvault.worker.audit.sort.EntryForm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Captures sorted by name, in the order of the store's keys, then by place. Stateless; safe for any thread. */
final class CaptureForm implements EntryForm<AuditedCapture> {
    static final CaptureForm INSTANCE = new CaptureForm();

    private static final int SHA256_BYTES = 32;
    private static final int PLACE_BYTES = Integer.BYTES + Long.BYTES;

    private CaptureForm() {}

    @Override
    public Entry write(AuditedCapture capture) {
        byte[] path = capture.name().path().getBytes(StandardCharsets.US_ASCII);
        CapturePlace place = capture.place();
        byte[] key = ByteBuffer.allocate(path.length + PLACE_BYTES)
                .put(path)
                .put(PlaceKey.of(place.partition(), place.offset()))
                .array();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(place.firstOffset());
            out.write(HexFormat.of().parseHex(capture.commitSha256()));
            out.writeLong(capture.commitBytes());
            out.writeBoolean(capture.held());
            out.writeShort(capture.artifacts().size());
            for (AuditedArtifact artifact : capture.artifacts()) {
                out.writeUTF(artifact.objectName());
                out.writeLong(artifact.size());
                out.write(HexFormat.of().parseHex(artifact.sha256()));
                out.writeInt(artifact.crc32());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return new Entry(key, bytes.toByteArray());
    }

    @Override
    public AuditedCapture read(Entry entry) {
        ByteBuffer key = ByteBuffer.wrap(entry.key());
        byte[] path = new byte[entry.key().length - PLACE_BYTES];
        key.get(path);
        int partition = key.getInt();
        long offset = key.getLong();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry.value()))) {
            long firstOffset = in.readLong();
            String commitSha256 = hash(in);
            long commitBytes = in.readLong();
            boolean held = in.readBoolean();
            int count = in.readUnsignedShort();
            List<AuditedArtifact> artifacts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                artifacts.add(new AuditedArtifact(in.readUTF(), in.readLong(), hash(in), in.readInt()));
            }
            return new AuditedCapture(
                    RevisionName.parse(new String(path, StandardCharsets.US_ASCII)),
                    new CapturePlace(partition, firstOffset, offset),
                    commitSha256,
                    commitBytes,
                    held,
                    artifacts);
        } catch (IOException e) {
            throw new IllegalArgumentException("this is no capture's entry", e);
        }
    }

    private static String hash(DataInputStream in) throws IOException {
        byte[] hash = new byte[SHA256_BYTES];
        in.readFully(hash);
        return HexFormat.of().formatHex(hash);
    }
}
