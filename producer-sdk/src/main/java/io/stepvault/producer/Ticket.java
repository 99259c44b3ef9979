package io.stepvault.producer;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What is kept of an accepted capture until it is settled, so that its bytes can be let go earlier.
 *
 * @param number position in the order of acceptance
 * @param id which capture
 * @param future whom to tell, if someone asked
 */
record Ticket(long number, CaptureId id, Optional<CompletableFuture<Acknowledgement>> future) {}
