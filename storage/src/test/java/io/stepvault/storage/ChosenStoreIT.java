package io.stepvault.storage;

import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectStoreContract;
import io.stepvault.storage.s3.S3Location;
import io.stepvault.storage.s3.S3ObjectStore;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * All contracts against the store that {@code STEPVAULT_TEST_STORE} names, for example {@code
 * s3://bucket/prefix?endpoint=http://127.0.0.1:9000}, with credentials as the SDK's default chain finds them. Each test
 * writes under a prefix of its own and deletes what it wrote.
 */
class ChosenStoreIT {
    private static final String VARIABLE = "STEPVAULT_TEST_STORE";

    /** A place of its own in the chosen store. */
    private static final class Place implements AutoCloseable {
        private final URI uri;
        private final String prefix;
        private final ObjectStore objects;

        Place() {
            URI chosen = URI.create(System.getenv(VARIABLE));
            String own = "stepvault-test-" + UUID.randomUUID();
            S3Location location = S3Location.parse(chosen);
            this.prefix = location.prefix().isEmpty() ? own : location.prefix() + "/" + own;
            String query = chosen.getRawQuery() == null ? "" : "?" + chosen.getRawQuery();
            this.uri = URI.create("s3://" + location.bucket() + "/" + prefix + query);
            StoreOptions options = StoreOptions.defaults();
            this.objects = S3ObjectStore.open(location, options.s3(), options.maxPutsInFlight());
        }

        @Override
        public void close() {
            Optional<ListRequest> request = Optional.of(ListRequest.of(prefix + "/"));
            while (request.isPresent()) {
                ObjectPage page = objects.list(request.get());
                page.objects().stream().map(ObjectInfo::key).forEach(objects::delete);
                request = page.next(request.get());
            }
            objects.close();
        }
    }

    @Nested
    @EnabledIfEnvironmentVariable(named = VARIABLE, matches = "s3:.+")
    class Objects extends ObjectStoreContract {
        private final Place place = new Place();

        @AfterEach
        void cleanUp() {
            place.close();
        }

        @Override
        protected ObjectStore store() {
            return place.objects;
        }

        @Override
        protected String prefix() {
            return place.prefix + "/";
        }
    }

    @Nested
    @EnabledIfEnvironmentVariable(named = VARIABLE, matches = "s3:.+")
    class WriteProtocol extends WriteProtocolContract {
        private final Place place = new Place();

        @AfterEach
        void cleanUp() {
            place.close();
        }

        @Override
        ObjectStore objects() {
            return place.objects;
        }

        @Override
        String prefix() {
            return place.prefix + "/";
        }
    }

    @Nested
    @EnabledIfEnvironmentVariable(named = VARIABLE, matches = "s3:.+")
    class Steps extends StepStoreContract {
        private final Place place = new Place();
        private final StepStore store = StepStore.open(place.uri);

        @AfterEach
        void cleanUp() {
            store.close();
            place.close();
        }

        @Override
        StepStore store() {
            return store;
        }
    }

    @Nested
    @EnabledIfEnvironmentVariable(named = VARIABLE, matches = "s3:.+")
    class CompressedSteps extends StepStoreContract {
        private final Place place = new Place();
        private final StepStore store =
                StepStore.open(place.uri, StoreOptions.defaults().withCompression(Compression.GZIP));

        @AfterEach
        void cleanUp() {
            store.close();
            place.close();
        }

        @Override
        StepStore store() {
            return store;
        }
    }

    @Nested
    @EnabledIfEnvironmentVariable(named = VARIABLE, matches = "s3:.+")
    class Lifecycle extends LifecycleContract {
        private final Place place = new Place();

        @AfterEach
        void cleanUp() {
            place.close();
        }

        @Override
        ObjectStore objects() {
            return place.objects;
        }

        @Override
        String prefix() {
            return place.prefix;
        }
    }

    /** Only where it is wanted: it changes what the whole bucket does, for as long as it runs. */
    @Nested
    @EnabledIfEnvironmentVariable(named = VARIABLE, matches = "s3:.+")
    @EnabledIfEnvironmentVariable(named = "STEPVAULT_TEST_BUCKET_RULES", matches = "true")
    class BucketRules extends BucketLifecycleContract {
        private final Place place = new Place();

        @AfterEach
        void cleanUp() {
            place.close();
        }

        @Override
        BucketLifecycle bucket(String prefix) {
            return new BucketLifecycle(place.objects, place.prefix + "/" + prefix, StoreOptions.defaults());
        }
    }
}
