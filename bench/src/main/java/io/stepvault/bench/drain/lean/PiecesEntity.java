package io.stepvault.bench.drain.lean;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** Writes the given arrays as they are. */
final class PiecesEntity extends AbstractHttpEntity {
    private final Puts.Body body;

    PiecesEntity(Puts.Body body, ContentType type) {
        super(type, null);
        this.body = body;
    }

    @Override
    public long getContentLength() {
        return body.bytes();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        for (ByteBuffer piece : body.pieces()) {
            out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }
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
    public InputStream getContent() {
        throw new UnsupportedOperationException("it is written, not read");
    }

    @Override
    public void close() {}
}
