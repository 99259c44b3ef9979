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

/** What may be a dead letter. */
sealed interface Suspect {
    /** Sorted by partition, then offset: as letters are. */
    EntryForm<Suspect> FORM = new EntryForm<>() {
        @Override
        public Entry write(Suspect suspect) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                if (suspect instanceof Missing missing) {
                    Entry capture = CaptureForm.INSTANCE.write(missing.capture());
                    out.writeBoolean(true);
                    out.writeInt(capture.key().length);
                    out.write(capture.key());
                    out.write(capture.value());
                } else if (suspect instanceof BadRecord bad) {
                    out.writeBoolean(false);
                    out.writeLong(bad.place().firstOffset());
                    out.writeUTF(bad.reason());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("writing to memory cannot fail", e);
            }
            return new Entry(
                    PlaceKey.of(suspect.place().partition(), suspect.place().offset()), bytes.toByteArray());
        }

        @Override
        public Suspect read(Entry entry) {
            ByteBuffer key = ByteBuffer.wrap(entry.key());
            int partition = key.getInt();
            long offset = key.getLong();
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(entry.value()))) {
                if (!in.readBoolean()) {
                    return new BadRecord(new CapturePlace(partition, in.readLong(), offset), in.readUTF());
                }
                byte[] captureKey = new byte[in.readInt()];
                in.readFully(captureKey);
                return new Missing(CaptureForm.INSTANCE.read(new Entry(captureKey, in.readAllBytes())));
            } catch (IOException e) {
                throw new IllegalArgumentException("this is no suspect's entry", e);
            }
        }
    };

    /** Where it lies on the topic. */
    CapturePlace place();

    /** A record that no worker can store, with the code of the reason. */
    record BadRecord(CapturePlace place, String reason) implements Suspect {}

    /** A capture that is not stored, at one of its places. */
    record Missing(AuditedCapture capture) implements Suspect {
        @Override
        public CapturePlace place() {
            return capture.place();
        }
    }
}
