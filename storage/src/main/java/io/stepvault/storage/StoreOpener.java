package io.stepvault.storage;

import io.stepvault.storage.file.FileObjectStore;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.retry.BlockingRetry;
import io.stepvault.storage.s3.S3Location;
import io.stepvault.storage.s3.S3ObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/** Makes of a URI what works on a store. */
final class StoreOpener {
    /** A store's objects, where its steps are among them, and threads to work with. */
    private record Opened(ObjectStore objects, ObjectsLayout layout, StoreThreads threads) {
        void close() {
            objects.close();
            threads.close();
        }
    }

    private StoreOpener() {}

    static StepStore open(URI uri, StoreOptions options) {
        Opened opened = openObjects(uri, options);
        return new ObjectStepStore(opened.objects(), opened.layout(), options, opened.threads());
    }

    static SessionLifecycle openLifecycle(URI uri, StoreOptions options) {
        Opened opened = openObjects(uri, options);
        BlockingRetry retry = new BlockingRetry(options.retry());
        return new SessionLifecycle(opened.objects(), opened.layout(), options.clock(), retry, opened::close);
    }

    static StoreInspection openInspection(URI uri, StoreOptions options) {
        Opened opened = openObjects(uri, options);
        BlockingRetry retry = new BlockingRetry(options.retry());
        return new StoreInspection(opened.objects(), opened.layout(), retry, opened::close);
    }

    static BucketLifecycle openBucket(URI uri, StoreOptions options) {
        Opened opened = openObjects(uri, options);
        BlockingRetry retry = new BlockingRetry(options.retry());
        return new BucketLifecycle(opened.objects(), opened.layout(), retry, opened::close);
    }

    private static Opened openObjects(URI uri, StoreOptions options) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "s3" -> openS3(S3Location.parse(uri), options);
            case "file" -> openDirectory(directory(uri), options);
            // The URI is not quoted: what is wrong with it may be a password in it.
            default ->
                throw new IllegalArgumentException("a store is s3://bucket/prefix or file:///dir, not "
                        + (scheme.isEmpty() ? "a URI without a scheme" : scheme + ":"));
        };
    }

    private static Opened openS3(S3Location location, StoreOptions options) {
        ObjectsLayout layout = new ObjectsLayout(location.prefix());
        ObjectStore objects = S3ObjectStore.open(location, options.s3(), options.maxPutsInFlight());
        return new Opened(objects, layout, StoreThreads.of(options));
    }

    private static Opened openDirectory(Path root, StoreOptions options) {
        StoreThreads threads = StoreThreads.of(options);
        try {
            ObjectStore objects = FileObjectStore.open(root, threads.executor(), options.clock());
            return new Opened(objects, new ObjectsLayout(""), threads);
        } catch (RuntimeException e) {
            threads.close();
            throw e;
        }
    }

    private static Path directory(URI uri) {
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("a file: store takes no parameters; write file:///dir");
        }
        if (uri.getRawAuthority() != null
                || uri.getPath() == null
                || !uri.getPath().startsWith("/")) {
            throw new IllegalArgumentException("a file: store is an absolute path with three slashes: file:///dir");
        }
        return Path.of(uri);
    }
}
