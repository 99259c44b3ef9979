package io.stepvault.worker.complete;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * The id of a completion: the same whenever the same batch is completed again, so that a consumer can drop what it has
 * seen. It is the first 32 hex digits of the SHA-256 of topic id, partition, offsets (joined by commas), replay id
 * (empty for live consumption) and session id, each on a line of its own, in UTF-8.
 */
final class CompletionId {
    private static final int HEX_DIGITS = 32;

    private CompletionId() {}

    static String of(String topicId, int partition, LongStream offsets, String replayId, String sessionId) {
        // The session id comes last: it alone may hold a line break.
        String identity = String.join(
                "\n",
                topicId,
                Integer.toString(partition),
                offsets.mapToObj(Long::toString).collect(Collectors.joining(",")),
                replayId,
                sessionId);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
