/** What the SDK for producers costs, compared with Kafka's own producer. */
@NullMarked
package io.stepvault.bench.producer;

import org.jspecify.annotations.NullMarked;
