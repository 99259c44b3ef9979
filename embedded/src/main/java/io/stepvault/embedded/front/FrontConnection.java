package io.stepvault.embedded.front;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, with one to the server behind it: request by request, one of them after the other. Served by
 * one thread; closed by any.
 */
final class FrontConnection implements AutoCloseable {
    /** A server may hang up on a connection that rests; none does so soon. */
    private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket client;
    private final URI server;
    private final FaultDice dice;
    private final SlowLine line;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Socket upstream;
    private @Nullable InputStream fromServer;
    private long lastUsedNanos;

    FrontConnection(Socket client, URI server, FaultDice dice, SlowLine line) {
        this.client = client;
        this.server = server;
        this.dice = dice;
        this.line = line;
    }

    /** Returns when the connection is at its end. */
    void serve() throws IOException {
        client.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(client.getInputStream());
        boolean goesOn = true;
        while (goesOn) {
            Optional<HttpHead> request = HttpHead.read(in);
            goesOn = request.isPresent() && serve(request.get(), in, client.getOutputStream());
        }
    }

    /** Says whether there may be another request. */
    private boolean serve(HttpHead request, InputStream in, OutputStream out) throws IOException {
        Optional<S3Fault> fault = dice.roll();
        if (fault.isPresent() && fault.get() instanceof S3Fault.BlackHole) {
            in.transferTo(OutputStream.nullOutputStream()); // until the client has had enough
            return false;
        }
        if (request.expectsContinue()) {
            out.write(CONTINUE);
            out.flush();
        }
        HttpBody body = HttpBody.ofRequest(request, in);
        if (fault.isEmpty()) {
            return forward(request, body, out, Pace.FULL);
        }
        // A switch over the types of a sealed interface needs a later Java.
        if (fault.get() instanceof S3Fault.ErrorAnswer error) {
            skip(body);
            answer(request, error, out);
            return !request.isLast();
        } else if (fault.get() instanceof S3Fault.Latency latency) {
            pause(latency.delay());
            return forward(request, body, out, Pace.FULL);
        } else if (fault.get() instanceof S3Fault.Bandwidth bandwidth) {
            return forward(request, body, out, new Pace(Optional.of(bandwidth)));
        } else if (fault.get() instanceof S3Fault.LostAnswer) {
            HttpBody answer = ask(request, body, Pace.FULL).body();
            skip(answer);
        } else {
            breakOff(request, body, out);
        }
        reset();
        return false;
    }

    /** How fast bytes go. */
    private record Pace(Optional<S3Fault.Bandwidth> limit) {
        static final Pace FULL = new Pace(Optional.empty());
    }

    private record Answer(HttpHead head, HttpBody body) {}

    private boolean forward(HttpHead request, HttpBody body, OutputStream out, Pace pace) throws IOException {
        Answer answer = ask(request, body, pace);
        out.write(answer.head().bytes());
        copy(answer.body(), out, pace);
        lastUsedNanos = System.nanoTime();
        return !request.isLast() && !answer.head().isLast() && !answer.body().endsConnection();
    }

    /** A server may hang up on a connection that rests: what has no body is asked again then, as by any proxy. */
    private Answer ask(HttpHead request, HttpBody body, Pace pace) throws IOException {
        boolean rested = upstream != null;
        try {
            return askOnce(request, body, pace);
        } catch (IOException e) {
            if (!rested || !body.isEmpty() || closed.getCount() == 0) {
                throw e;
            }
            disconnect();
            return askOnce(request, body, pace);
        }
    }

    private Answer askOnce(HttpHead request, HttpBody body, Pace pace) throws IOException {
        OutputStream toServer = connect().getOutputStream();
        toServer.write(request.bytes());
        copy(body, toServer, pace);
        return answer(request);
    }

    /** The server's answer, after whatever it says in between. */
    private Answer answer(HttpHead request) throws IOException {
        if (fromServer == null) {
            throw new IllegalStateException("nothing was asked");
        }
        while (true) {
            HttpHead head =
                    HttpHead.read(fromServer).orElseThrow(() -> new IOException("the server hung up unanswered"));
            if (head.status() >= 200) {
                return new Answer(head, HttpBody.ofAnswer(request, head, fromServer));
            }
        }
    }

    private void breakOff(HttpHead request, HttpBody body, OutputStream out) throws IOException {
        if (!body.isEmpty()) {
            OutputStream toServer = connect().getOutputStream();
            toServer.write(request.bytes());
            copyHalf(body, toServer);
        } else {
            Answer answer = ask(request, body, Pace.FULL);
            out.write(answer.head().bytes());
            copyHalf(answer.body(), out);
        }
    }

    private void copy(HttpBody body, OutputStream to, Pace pace) throws IOException {
        for (byte[] piece = body.next(); piece.length > 0; piece = body.next()) {
            if (pace.limit().isPresent()) {
                int bytesPerSecond = pace.limit().get().bytesPerSecond();
                pause(line.take(piece.length, bytesPerSecond, System.nanoTime()));
            }
            to.write(piece);
        }
        to.flush();
    }

    private static void copyHalf(HttpBody body, OutputStream to) throws IOException {
        long left = body.middle();
        while (left > 0) {
            byte[] piece = body.next();
            if (piece.length == 0) {
                break;
            }
            int some = (int) Math.min(left, piece.length);
            to.write(piece, 0, some);
            left -= some;
        }
        to.flush();
    }

    private static void skip(HttpBody body) throws IOException {
        while (body.next().length > 0) {
            // Not wanted.
        }
    }

    private static void answer(HttpHead request, S3Fault.ErrorAnswer error, OutputStream out) throws IOException {
        byte[] text = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + error.code()
                        + "</Code><Message>A fault of the test bed</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
        boolean hasBody = !request.method().equals("HEAD");
        String head = "HTTP/1.1 " + error.status() + " " + error.code() + "\r\nContent-Type: application/xml\r\n"
                + "Content-Length: " + (hasBody ? text.length : 0) + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        if (hasBody) {
            out.write(text);
        }
        out.flush();
    }

    private Socket connect() throws IOException {
        Socket connected = upstream;
        if (connected != null && System.nanoTime() - lastUsedNanos < FRESH_NANOS) {
            return connected;
        }
        disconnect();
        Socket fresh = new Socket(server.getHost(), server.getPort());
        synchronized (this) {
            upstream = fresh;
        }
        if (closed.getCount() == 0) {
            fresh.close();
        }
        fresh.setTcpNoDelay(true);
        fromServer = new BufferedInputStream(fresh.getInputStream());
        return fresh;
    }

    private void disconnect() throws IOException {
        Socket connected = upstream;
        if (connected != null) {
            connected.close();
            synchronized (this) {
                upstream = null;
            }
        }
    }

    private void pause(Duration duration) throws IOException {
        try {
            if (closed.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the front is closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Closes with a reset rather than a goodbye. */
    private void reset() throws IOException {
        client.setSoLinger(true, 0);
    }

    @Override
    public void close() {
        closed.countDown();
        closeQuietly(client);
        Socket behind;
        synchronized (this) {
            behind = upstream;
        }
        if (behind != null) {
            closeQuietly(behind);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no further use either way.
        }
    }
}
