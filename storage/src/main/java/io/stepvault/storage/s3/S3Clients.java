package io.stepvault.storage.s3;

import io.netty.channel.EventLoopGroup;
import io.stepvault.storage.s3.wire.Wire;
import io.stepvault.storage.s3.wire.WireOptions;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Makes the SDK's clients: one for puts and look-ups, one for all else. Neither retries: that is done above, for all stores alike. */
final class S3Clients {
    private static final int MAX_BLOCKING_CONNECTIONS = 64;
    private static final int LOOKUP_CONNECTIONS = 16;

    private final S3Location location;
    private final S3Options options;
    private final Region region;
    private final AwsCredentialsProvider credentials;
    private final Network network;

    S3Clients(S3Location location, S3Options options) {
        this.location = location;
        this.options = options;
        this.region = region(location);
        this.network = Network.of(location);
        this.credentials = new MarkedCredentials(options.credentials()
                .orElseGet(() -> DefaultCredentialsProvider.builder().build()));
    }

    /** Asking for the region where there is an endpoint must not wait for EC2's metadata service. */
    private static Region region(S3Location location) {
        if (location.region().isPresent()) {
            return Region.of(location.region().get());
        }
        try {
            return location.endpoint().isPresent()
                    ? new AwsRegionProviderChain(new SystemSettingsRegionProvider(), new AwsProfileRegionProvider())
                            .getRegion()
                    : new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkClientException e) {
            if (location.endpoint().isPresent()) {
                return Region.US_EAST_1;
            }
            throw new IllegalArgumentException(
                    "the region is not known; add ?region=... to the s3: URI or set AWS_REGION", e);
        }
    }

    S3Client blocking() {
        return S3Client.builder()
                .region(region)
                .credentialsProvider(credentials)
                .applyMutation(builder -> location.endpoint().ifPresent(builder::endpointOverride))
                .forcePathStyle(location.pathStyle())
                .requestChecksumCalculation(requestChecksums())
                .responseChecksumValidation(responseChecksums())
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(MAX_BLOCKING_CONNECTIONS)
                        .proxyConfiguration(network.forApache())
                        .tlsTrustManagersProvider(network.trustManagers())
                        .connectionTimeout(options.connectTimeout())
                        .connectionAcquisitionTimeout(options.callTimeout())
                        .socketTimeout(options.callTimeout()))
                .overrideConfiguration(override ->
                        override.apiCallTimeout(options.callTimeout()).retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    /** The write path that is chosen, or the SDK's where S3 wants something unusual. */
    S3Writer writer(int maxPutsInFlight, S3Errors errors) {
        if (options.writePath() == S3Options.WritePath.SDK || location.isUnusual()) {
            return new SdkObjectWriter(
                    eventLoops -> putting(maxPutsInFlight, eventLoops), location, options.callTimeout(), errors);
        }
        int maxInFlight = maxPutsInFlight + LOOKUP_CONNECTIONS;
        WireOptions wire = new WireOptions(
                maxInFlight, options.connectTimeout(), options.callTimeout(), network.ssl(), network::proxy);
        SignedCalls calls =
                new SignedCalls(endpoint(), credentials, new ServerClock(InstantSource.system()), new Wire(wire));
        return new LeanObjectWriter(calls, location.checksums(), options.callTimeout(), maxInFlight, errors);
    }

    /** Where puts go by the lean path. */
    BucketEndpoint endpoint() {
        return new BucketEndpoint(this::presigning, location.bucket());
    }

    /** The client for puts, on threads of {@code eventLoops}. */
    S3AsyncClient putting(int maxConcurrency, EventLoopGroup eventLoops) {
        return S3AsyncClient.builder()
                .region(region)
                .credentialsProvider(credentials)
                .applyMutation(builder -> location.endpoint().ifPresent(builder::endpointOverride))
                .forcePathStyle(location.pathStyle())
                // Puts bring their checksum in a header: the SDK would put it in a trailer, which some servers refuse.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                // The caller bounds the puts in flight. Look-ups, two for a batch, may wait for a connection.
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .eventLoopGroup(SdkEventLoopGroup.create(eventLoops))
                        .maxConcurrency(maxConcurrency + LOOKUP_CONNECTIONS)
                        .proxyConfiguration(network.forNetty())
                        .tlsTrustManagersProvider(network.trustManagers())
                        .connectionTimeout(options.connectTimeout())
                        .connectionAcquisitionTimeout(options.callTimeout())
                        .readTimeout(options.callTimeout())
                        .writeTimeout(options.callTimeout()))
                .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    /** Signs URLs, which need no client. */
    S3Presigner presigning() {
        return presigning(Optional.empty());
    }

    private S3Presigner presigning(Optional<String> otherRegion) {
        S3Presigner.Builder presigner = S3Presigner.builder()
                .region(otherRegion.map(Region::of).orElse(region))
                .credentialsProvider(credentials)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(location.pathStyle())
                        .build());
        location.endpoint().ifPresent(presigner::endpointOverride);
        return presigner.build();
    }

    private RequestChecksumCalculation requestChecksums() {
        return location.checksums() == S3Location.Checksums.WHEN_REQUIRED
                ? RequestChecksumCalculation.WHEN_REQUIRED
                : RequestChecksumCalculation.WHEN_SUPPORTED;
    }

    private ResponseChecksumValidation responseChecksums() {
        return location.checksums() == S3Location.Checksums.WHEN_REQUIRED
                ? ResponseChecksumValidation.WHEN_REQUIRED
                : ResponseChecksumValidation.WHEN_SUPPORTED;
    }
}
