package io.stepvault.storage.s3;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Puts objects through the AWS SDK, always by one plain PUT, and looks them up. Safe for any thread. */
final class SdkObjectWriter implements S3Writer {
    private static final int MAX_EVENT_LOOPS = 4;
    private static final int PIECE_BYTES = 128 << 10;

    private final EventLoopGroup eventLoops;
    private final S3AsyncClient client;
    private final String bucket;
    private final S3Location.Checksums checksums;
    private final Duration callTimeout;
    private final S3Errors errors;

    /** Puts into the location's bucket through the client that {@code clients} makes on the event loops given. */
    SdkObjectWriter(
            Function<EventLoopGroup, S3AsyncClient> clients,
            S3Location location,
            Duration callTimeout,
            S3Errors errors) {
        // Of our own, so that closing need not wait for it as it does for the SDK's: two seconds.
        // Few: each takes 4 MiB of native memory for its buffers, and one carries hundreds of megabytes a second.
        this.eventLoops = new NioEventLoopGroup(
                Math.min(MAX_EVENT_LOOPS, Runtime.getRuntime().availableProcessors()),
                new DefaultThreadFactory("stepvault-s3-put", true));
        this.client = clients.apply(eventLoops);
        this.bucket = location.bucket();
        this.checksums = location.checksums();
        this.callTimeout = callTimeout;
        this.errors = errors;
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<PutObjectResponse> call;
        try {
            call = client.putObject(
                    sdkRequest(request), AsyncRequestBody.fromByteBuffersUnsafe(pieces(request.body())));
        } catch (RuntimeException e) {
            done.completeExceptionally(errors.classified(request.key(), e));
            return done;
        }
        var unused = call.whenComplete((response, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(errors.classified(request.key(), failure));
            }
        });
        return done;
    }

    @Override
    public CompletableFuture<Boolean> exists(String key) {
        CompletableFuture<Boolean> found = new CompletableFuture<>();
        CompletableFuture<HeadObjectResponse> call;
        try {
            call = client.headObject(request -> request.bucket(bucket)
                    .key(key)
                    .overrideConfiguration(override -> override.apiCallTimeout(callTimeout)));
        } catch (RuntimeException e) {
            found.completeExceptionally(errors.classified(key, e));
            return found;
        }
        var unused = call.whenComplete((response, failure) -> {
            if (failure == null) {
                found.complete(true);
                return;
            }
            StoreException classified = errors.classified(key, failure);
            if (classified instanceof ObjectNotFoundException) {
                found.complete(false);
            } else {
                found.completeExceptionally(classified);
            }
        });
        return found;
    }

    /** Netty copies each buffer that it is given to native memory before it sends it: a body in one would be there whole. */
    private static ByteBuffer[] pieces(ByteBuffer body) {
        int size = body.remaining();
        ByteBuffer[] pieces = new ByteBuffer[Math.max(1, (size + PIECE_BYTES - 1) / PIECE_BYTES)];
        for (int piece = 0; piece < pieces.length; piece++) {
            int from = piece * PIECE_BYTES;
            pieces[piece] = body.slice(from, Math.min(PIECE_BYTES, size - from));
        }
        return pieces;
    }

    private PutObjectRequest sdkRequest(PutRequest request) {
        PutObjectRequest.Builder sdkRequest = PutObjectRequest.builder()
                .bucket(bucket)
                .key(request.key())
                .contentType(request.contentType())
                .contentLength((long) request.size())
                .metadata(request.metadata())
                .overrideConfiguration(override -> override.apiCallTimeout(timeout(request.size())));
        request.contentEncoding().ifPresent(sdkRequest::contentEncoding);
        if (checksums == S3Location.Checksums.WHEN_SUPPORTED) {
            sdkRequest.checksumCRC32(PutHeaders.crc32(request.body()));
        }
        return sdkRequest.build();
    }

    private Duration timeout(int bytes) {
        return callTimeout.plusSeconds(bytes >> 20);
    }

    @Override
    public void close() {
        client.close();
        var unused = eventLoops.shutdownGracefully(1, 5, TimeUnit.SECONDS);
    }
}
