package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.util.Optional;

/**
 * Takes out of captures what must not leave the crawler's process, or keeps whole captures back: called once for every
 * accepted capture, before it is serialized.
 *
 * <p>It runs on the publisher's sending thread, one capture at a time and in the order of the queue: so {@code publish}
 * stays as quick as it is, but while this works nothing is sent.
 *
 * <p>What it returns must keep the session id and the sequence number, which are the record's key and show gaps, and is
 * held to the same rules as what is published. If it is not, or if this throws, the capture is dropped as {@link
 * DropReason#REDACTION_FAILED}, since what was to be redacted must not get out. Of what is thrown only the class and the
 * place are logged: messages may hold content. Ids are no content here: those of a dropped capture are told and logged as
 * they were published.
 *
 * <p>{@code StepCapture.newBuilder(capture)} copies every artifact; where that matters, put the artifacts that stay into
 * a new capture as they are, or overwrite their bytes in place.
 */
@FunctionalInterface
public interface Redactor {
    /**
     * Redacts a capture.
     *
     * @param capture a capture with its sequence number; nobody else uses it any more, so its bytes may be changed in
     *     place
     * @return what is to be sent, or empty to drop it as {@link DropReason#REDACTED}. A dropped capture shows as a gap in
     *     its session, and if it was to end the session nothing else does
     */
    Optional<StepCapture> redact(StepCapture capture);
}
