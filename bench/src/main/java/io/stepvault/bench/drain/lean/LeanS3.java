package io.stepvault.bench.drain.lean;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.bootstrap.HttpRequester;
import org.apache.hc.core5.http.impl.bootstrap.RequesterBootstrap;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.DefaultHttpProcessor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.RequestContent;
import org.apache.hc.core5.http.protocol.RequestTargetHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.Timeout;

/** Puts signed objects, path style, over connections that are kept; nothing else. Safe for any thread. */
final class LeanS3 implements AutoCloseable {
    private static final Timeout PATIENCE = Timeout.ofSeconds(30);
    private static final int ERROR_BYTES = 2_000;

    private final HttpRequester requester;
    private final HttpHost host;
    private final String root;

    private LeanS3(HttpRequester requester, HttpHost host, String root) {
        this.requester = requester;
        this.host = host;
        this.root = root;
    }

    /** @param endpoint {@code http} or {@code https}; trust is the JVM's */
    static LeanS3 connect(URI endpoint, String bucket, int connections) {
        HttpRequester requester = RequesterBootstrap.bootstrap()
                .setHttpProcessor(new DefaultHttpProcessor(RequestContent.INSTANCE, RequestTargetHost.INSTANCE))
                .setSocketConfig(SocketConfig.custom()
                        .setSoTimeout(PATIENCE)
                        .setTcpNoDelay(true)
                        .build())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setDefaultMaxPerRoute(connections)
                .setMaxTotal(connections)
                .create();
        return new LeanS3(requester, HttpHost.create(endpoint), "/" + bucket + "/");
    }

    /** A signer for one thread. */
    LeanSigner signer() {
        return LeanSigner.ofEnvironment(System.getenv(), host.toHostString());
    }

    /**
     * Returns once the store has said that it has the object.
     *
     * @param key must need no escapes
     */
    void put(LeanSigner signer, String key, Puts.Body body) throws IOException {
        String path = root + key;
        String crc32 = crc32(body.pieces());
        LeanSigner.Signature signature = signer.sign(path, crc32);
        BasicClassicHttpRequest request = new BasicClassicHttpRequest("PUT", host, path);
        request.addHeader("x-amz-date", signature.time());
        request.addHeader("x-amz-content-sha256", LeanSigner.CONTENT);
        request.addHeader("x-amz-checksum-crc32", crc32);
        request.addHeader("Authorization", signature.authorization());
        request.setEntity(new PiecesEntity(body, ContentType.APPLICATION_OCTET_STREAM));
        try (ClassicHttpResponse response = requester.execute(host, request, PATIENCE, HttpCoreContext.create())) {
            if (response.getCode() != 200) {
                String answer = response.getEntity() == null
                        ? "nothing"
                        : EntityUtils.toString(response.getEntity(), ERROR_BYTES);
                throw new IOException("the store answered " + response.getCode() + " to PUT " + path + ": " + answer);
            }
            EntityUtils.consume(response.getEntity());
        } catch (HttpException e) {
            throw new IOException("the store did not answer PUT " + path + " as HTTP demands", e);
        }
    }

    static String crc32(List<ByteBuffer> pieces) {
        CRC32 crc = new CRC32();
        for (ByteBuffer piece : pieces) {
            crc.update(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }

    @Override
    public void close() {
        requester.close(CloseMode.IMMEDIATE);
    }
}
