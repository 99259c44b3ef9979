package io.stepvault.worker.cli.doctor;

import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.retry.RetryOptions;
import io.stepvault.storage.s3.S3Options;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens the store and writes its probe object, as a worker does. Stateless; safe for any thread. */
final class StoreCheck {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private StoreCheck() {}

    static Finding look(URI uri) {
        StoreOptions options = StoreOptions.defaults()
                .withRetry(RetryOptions.defaults().withMaxAttempts(1))
                .withS3(S3Options.defaults().withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(10)));
        try (StepStore store = StepStore.open(uri, options)) {
            Optional<StoreException> trouble = store.probe().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return trouble.map(failure -> Finding.fail("store", String.valueOf(failure.getMessage())))
                    .orElseGet(() -> Finding.ok("store", store.location() + " takes objects"));
        } catch (StoreException e) {
            return Finding.fail("store", String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            return Finding.fail("store", String.valueOf(e.getMessage()), "write store.uri like that");
        } catch (TimeoutException e) {
            return Finding.fail(
                    "store",
                    "no answer within " + TIMEOUT.toSeconds() + " s",
                    "check the endpoint in store.uri and the network between");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe never completes exceptionally", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.fail("store", "interrupted", "run it again");
        }
    }
}
