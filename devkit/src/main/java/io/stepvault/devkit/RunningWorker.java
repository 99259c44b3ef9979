package io.stepvault.devkit;

import io.stepvault.worker.IngestWorker;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.config.ProcessConfig.HttpConfig;
import io.stepvault.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A worker in this process, seen from outside. Safe for any thread. */
final class RunningWorker implements AutoCloseable {
    private final IngestWorker worker;
    private final String host;

    private RunningWorker(IngestWorker worker, String host) {
        this.worker = worker;
        this.host = host;
    }

    /** @throws CommandFailure if its port or its directory is in use */
    static RunningWorker start(WorkerConfig config) {
        HttpConfig http = config.process().http();
        try {
            return new RunningWorker(IngestWorker.start(config), http.host());
        } catch (SocketException e) {
            throw CommandFailure.couldNotRun(
                    "the worker cannot listen on " + http.host() + ":" + http.port() + ": " + e.getMessage()
                            + "; stop the program that listens there, or choose another port with --http-port",
                    e);
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(
                    "the worker cannot use " + config.store().spool().directory() + ": " + e.getMessage(), e);
        }
    }

    URI health() {
        return at("/health/ready");
    }

    URI metrics() {
        return at("/metrics");
    }

    /** What keeps it from being ready, by its own words. */
    List<String> troubles() throws InterruptedException {
        HttpRequest ask =
                HttpRequest.newBuilder(health()).timeout(Duration.ofSeconds(5)).build();
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(ask, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200
                    ? List.of()
                    : answer.body().lines().toList();
        } catch (IOException e) {
            return List.of("nothing: " + health() + " cannot be read (" + e + ")");
        }
    }

    /** Returns when the worker has ended of itself, which it does not in good health. */
    void awaitEnd() throws InterruptedException, ExecutionException {
        worker.ended().get();
    }

    @Override
    public void close() {
        worker.close();
    }

    private URI at(String path) {
        return URI.create("http://" + host + ":" + worker.httpPort() + path);
    }
}
