package io.stepvault.devkit;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.embedded.EmbeddedServerException;
import io.stepvault.worker.cli.CommandFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Starts the broker of a demo or of dev mode. Stateless; safe for any thread. */
final class OwnBroker {
    private OwnBroker() {}

    /**
     * Starts it on a thread of its own: an interrupt closes whatever file Kafka has open just then, and Kafka ends the
     * process for that. It is stopped again if the caller is interrupted meanwhile.
     *
     * @param mend options that mend what is in the way
     * @throws CommandFailure if it does not start
     */
    static EmbeddedKafka start(EmbeddedKafka.Builder broker, String mend) throws InterruptedException {
        CompletableFuture<EmbeddedKafka> starting =
                CompletableFuture.supplyAsync(broker::start, task -> new Thread(task, "stepvault-kafka-start").start());
        try {
            return starting.get();
        } catch (InterruptedException e) {
            try {
                starting.join().close();
            } catch (CompletionException failed) {
                e.addSuppressed(failed); // then there is nothing to stop
            }
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EmbeddedServerException failure) {
                throw CommandFailure.couldNotRun(failure.getMessage() + mend, failure);
            }
            throw new IllegalStateException("Kafka did not start", e);
        }
    }
}
