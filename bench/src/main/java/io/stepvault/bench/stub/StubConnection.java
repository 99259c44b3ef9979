package io.stepvault.bench.stub;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;

/**
 * A client's connection, served by a thread of its own: blocking reads cost the least, and a latency is slept. It ends
 * when the client goes.
 */
final class StubConnection implements Runnable {
    private static final RequestReader.Body UNSEEN = (bytes, offset, length) -> {};

    private final Socket socket;
    private final StubStore store;

    StubConnection(Socket socket, StubStore store) {
        this.socket = socket;
        this.store = store;
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            RequestReader reader = new RequestReader(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            RequestHead request = reader.head();
            while (request != null) {
                byte[] answer = answer(request, reader, out);
                if (!store.latency().isZero()) {
                    Thread.sleep(store.latency().toMillis());
                }
                out.write(answer);
                if (request.closes() || request.hasUnknownLength()) {
                    return;
                }
                request = reader.head();
            }
        } catch (IOException e) {
            // The client has gone, as contenders do when they are killed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] answer(RequestHead request, RequestReader reader, OutputStream out) throws IOException {
        if (request.hasUnknownLength()) {
            store.countMistake(request, "no Content-Length");
            return S3Answer.error("411 Length Required", "MissingContentLength", "Content-Length must be given.");
        }
        if (request.expectsContinue()) {
            out.write(S3Answer.CONTINUE);
        }
        if (store.signatures().isEmpty()) {
            reader.body(request.contentLength(), UNSEEN);
            store.count(request, false);
            return S3Answer.to(request);
        }
        PayloadCheck payload = new PayloadCheck(request);
        reader.body(request.contentLength(), payload);
        store.count(request, payload.isChecked());
        Optional<String> signature = store.signatures().get().mistake(request);
        Optional<String> content = payload.mistake();
        signature.or(() -> content).ifPresent(what -> store.countMistake(request, what));
        return signature
                .map(what -> S3Answer.error("403 Forbidden", "SignatureDoesNotMatch", what))
                .or(() -> content.map(what -> S3Answer.error("400 Bad Request", "BadDigest", what)))
                .orElseGet(() -> S3Answer.to(request));
    }
}
