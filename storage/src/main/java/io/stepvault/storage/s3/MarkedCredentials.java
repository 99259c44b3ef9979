package io.stepvault.storage.s3;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * Credentials whose absence can be told from other failures: the SDK throws the same exception for both, with only its
 * message to tell. As thread-safe as the provider that it asks.
 */
final class MarkedCredentials implements AwsCredentialsProvider {
    private final AwsCredentialsProvider provider;

    MarkedCredentials(AwsCredentialsProvider provider) {
        this.provider = provider;
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return provider.resolveCredentials();
        } catch (RuntimeException e) {
            throw new NoCredentialsException(e);
        }
    }

    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        CompletableFuture<AwsCredentialsIdentity> marked = new CompletableFuture<>();
        try {
            var unused = provider.resolveIdentity(request).whenComplete((identity, failure) -> {
                if (failure == null) {
                    marked.complete(identity);
                } else {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    marked.completeExceptionally(
                            cause instanceof RuntimeException e ? new NoCredentialsException(e) : failure);
                }
            });
        } catch (RuntimeException e) {
            marked.completeExceptionally(new NoCredentialsException(e));
        }
        return marked;
    }
}
