package io.stepvault.storage.s3;

import io.stepvault.storage.s3.wire.Answer;
import io.stepvault.storage.s3.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Sends signed requests to the bucket, wherever it is and whatever the time is there. Calls block. Safe for any thread.
 */
final class SignedCalls implements AutoCloseable {
    private static final Set<Integer> ELSEWHERE = Set.of(301, 307, 400);

    private final BucketEndpoint bucket;
    private final AwsCredentialsProvider credentials;
    private final ServerClock clock;
    private final Wire wire;

    /** Through {@code wire}, which is closed with this. */
    SignedCalls(BucketEndpoint bucket, AwsCredentialsProvider credentials, ServerClock clock, Wire wire) {
        this.bucket = bucket;
        this.credentials = credentials;
        this.clock = clock;
        this.wire = wire;
    }

    /**
     * Sends a request, and once more if the server has told us what we had wrong: its region, or the time.
     *
     * @throws IOException if there is no answer
     */
    Answer send(Function<Signing, Wire.Request> request, Duration patience) throws IOException {
        Endpoint endpoint = bucket.get();
        Answer answer = wire.send(request.apply(signing(endpoint)), patience);
        if (answer.isSuccess() || !(isElsewhere(answer, endpoint) || clock.learns(answer))) {
            return answer;
        }
        return wire.send(request.apply(signing(bucket.get())), patience);
    }

    private Signing signing(Endpoint endpoint) {
        return new Signing(endpoint, credentials.resolveCredentials(), clock.instant());
    }

    private boolean isElsewhere(Answer answer, Endpoint endpoint) {
        return answer.region().isPresent()
                && ELSEWHERE.contains(answer.status())
                && bucket.isIn(answer.region().get(), endpoint);
    }

    @Override
    public void close() {
        wire.close();
    }
}
