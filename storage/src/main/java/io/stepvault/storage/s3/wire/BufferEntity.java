package io.stepvault.storage.s3.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/** A body that is written from where it lies. HttpCore's own entity of a buffer copies it piece by piece. */
final class BufferEntity implements HttpEntity {
    private static final int PIECE_BYTES = 64 << 10;

    private final ByteBuffer body;

    BufferEntity(ByteBuffer body) {
        this.body = body.slice();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (body.hasArray()) {
            out.write(body.array(), body.arrayOffset(), body.remaining());
            return;
        }
        ByteBuffer rest = body.duplicate();
        byte[] piece = new byte[Math.min(PIECE_BYTES, rest.remaining())];
        while (rest.hasRemaining()) {
            int length = Math.min(piece.length, rest.remaining());
            rest.get(piece, 0, length);
            out.write(piece, 0, length);
        }
    }

    @Override
    public long getContentLength() {
        return body.remaining();
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public boolean isChunked() {
        return false;
    }

    /** Nobody reads a request's body but the tests of those who do. */
    @Override
    public InputStream getContent() {
        byte[] copy = new byte[body.remaining()];
        body.duplicate().get(copy);
        return new ByteArrayInputStream(copy);
    }

    @Override
    public @Nullable String getContentType() {
        return null; // among the request's headers, since it is signed with them
    }

    @Override
    public @Nullable String getContentEncoding() {
        return null;
    }

    @Override
    public @Nullable Supplier<List<? extends Header>> getTrailers() {
        return null;
    }

    @Override
    public Set<String> getTrailerNames() {
        return Set.of();
    }

    @Override
    public void close() {}
}
