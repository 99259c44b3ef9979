package io.stepvault.worker.cli;

import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.retry.RetryOptions;
import io.stepvault.storage.s3.S3Options;
import io.stepvault.worker.config.WorkerKeys;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which store a command works on. */
public final class StoreOption {
    private static final String STORE = WorkerKeys.STORE_URI.environmentName();
    private static final String BROKERS = WorkerKeys.KAFKA_BOOTSTRAP_SERVERS.environmentName();

    @Option(
            names = {"-s", "--store"},
            paramLabel = "URI",
            description = "s3://bucket/prefix or file:///directory. Wins over the configuration. For S3-compatible"
                    + " servers: s3://bucket/prefix?endpoint=http://host:port")
    private Optional<String> uri = Optional.empty();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    /**
     * Opens the store for reading. It is the caller's to close.
     *
     * @throws CommandFailure if none is named, or if it is a directory that is not there
     */
    StepStore open(Map<String, String> environment) {
        return open(environment, StepStore::open);
    }

    /**
     * Opens what works on the store. It is the caller's to close.
     *
     * @throws CommandFailure if none is named, or if it is a directory that is not there
     */
    public <T> T open(Map<String, String> environment, BiFunction<URI, StoreOptions, T> opener) {
        return openExisting(uri(environment), opener);
    }

    /** @throws CommandFailure if it is a directory that is not there */
    static StepStore openExisting(URI named) {
        return openExisting(named, StepStore::open);
    }

    private static <T> T openExisting(URI named, BiFunction<URI, StoreOptions, T> opener) {
        refuseMissing(named);
        return open(named, opener);
    }

    /** @throws CommandFailure if this is no store */
    static StepStore openOrMake(URI named) {
        return open(named, StepStore::open);
    }

    private static <T> T open(URI named, BiFunction<URI, StoreOptions, T> opener) {
        try {
            return opener.apply(named, options());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("the store cannot be opened: " + e.getMessage());
        }
    }

    private URI uri(Map<String, String> environment) {
        if (uri.isPresent()) {
            return parse("--store", uri.get());
        }
        if (config.file().isPresent()) {
            // Brokers need not be named for what only reads the store.
            Map<String, String> standIns =
                    environment.getOrDefault(BROKERS, "").isEmpty() ? Map.of(BROKERS, "not-used:9092") : Map.of();
            return config.forCommand(environment, standIns).store().uri();
        }
        String variable = environment.getOrDefault(STORE, "");
        if (!variable.isEmpty()) {
            return parse(STORE, variable);
        }
        throw CommandFailure.usage("no store named; add --store URI or --config FILE, or set " + STORE);
    }

    /** Not quoted: there may be a password in what is no URI. */
    static URI parse(String where, String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw CommandFailure.usage(where + ": this is not a URI; write s3://bucket/prefix or file:///directory");
        }
    }

    /**
     * Opening a store makes its directory, and a reader's typing mistake must not.
     *
     * @throws CommandFailure if the store is a directory that is not there
     */
    static void refuseMissing(URI store) {
        if (!"file".equalsIgnoreCase(store.getScheme())) {
            return;
        }
        Path path;
        try {
            path = Path.of(store);
        } catch (IllegalArgumentException e) {
            return; // the store itself says better what is wrong
        }
        if (!Files.isDirectory(path)) {
            throw CommandFailure.couldNotRun(
                    "there is no store in " + path + ": no such directory; check the path, or store something first",
                    null);
        }
    }

    /** Whoever waits at a terminal hears of an outage sooner than a worker that rides it out. */
    private static StoreOptions options() {
        return StoreOptions.defaults()
                .withRetry(RetryOptions.defaults().withMaxAttempts(2))
                .withS3(S3Options.defaults().withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(15)));
    }
}
