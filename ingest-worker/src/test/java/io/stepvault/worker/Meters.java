package io.stepvault.worker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A worker's health and metrics as its HTTP port tells them. */
final class Meters {
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;

    Meters(int port) {
        this.port = port;
    }

    static Meters of(IngestWorker worker) {
        return new Meters(worker.httpPort());
    }

    /** A meter's value by its Prometheus name, label included; 0 if it is not there yet. */
    double value(String name) {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** The sum of a meter's values, whatever its labels; 0 if it is not there yet. */
    double sum(String name) {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    boolean isReady() {
        return get("/health/ready").statusCode() == 200;
    }

    String whyNotReady() {
        return get("/health/ready").body();
    }

    boolean isAlive() {
        return get("/health/live").statusCode() == 200;
    }

    private HttpResponse<String> get(String path) {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        try {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
