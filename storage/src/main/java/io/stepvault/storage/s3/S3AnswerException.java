package io.stepvault.storage.s3;

import io.stepvault.storage.s3.wire.Answer;

/** An answer that is an error, as the cause of what it means. */
final class S3AnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    S3AnswerException(Answer answer) {
        super("S3 answered " + answer.status()
                + (answer.code().isEmpty() ? "" : " " + answer.code())
                + (answer.requestId().isEmpty() ? "" : " (request id " + answer.requestId() + ")"));
    }
}
