package io.stepvault.worker.audit;

import io.stepvault.worker.audit.sort.Entry;
import io.stepvault.worker.audit.sort.EntryForm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A capture that is not stored, at one of its places, with the code of the reason if there is a dead letter of that place.
 */
record AnsweredCapture(AuditedCapture capture, Optional<String> reason) {
    /** Sorted as {@link CaptureForm} sorts. */
    static final EntryForm<AnsweredCapture> FORM = new EntryForm<>() {
        @Override
        public Entry write(AnsweredCapture answered) {
            Entry capture = CaptureForm.INSTANCE.write(answered.capture());
            byte[] reason = answered.reason().orElse("").getBytes(StandardCharsets.UTF_8);
            ByteBuffer value = ByteBuffer.allocate(1 + Integer.BYTES + reason.length + capture.value().length);
            value.put((byte) (answered.reason().isPresent() ? 1 : 0))
                    .putInt(reason.length)
                    .put(reason)
                    .put(capture.value());
            return new Entry(capture.key(), value.array());
        }

        @Override
        public AnsweredCapture read(Entry entry) {
            ByteBuffer value = ByteBuffer.wrap(entry.value());
            boolean hasReason = value.get() == 1;
            byte[] reason = new byte[value.getInt()];
            value.get(reason);
            byte[] capture = new byte[value.remaining()];
            value.get(capture);
            return new AnsweredCapture(
                    CaptureForm.INSTANCE.read(new Entry(entry.key(), capture)),
                    hasReason ? Optional.of(new String(reason, StandardCharsets.UTF_8)) : Optional.empty());
        }
    };

    /** The same capture's other place joins: a letter of any of its places answers for it. */
    AnsweredCapture and(AnsweredCapture later) {
        return new AnsweredCapture(later.capture, later.reason.or(() -> reason));
    }
}
