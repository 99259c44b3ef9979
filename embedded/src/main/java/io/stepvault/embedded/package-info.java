/**
 * Real servers inside this JVM, for dev mode, the demo and tests: a Kafka cluster and an S3-compatible store. They
 * listen on loopback only, start in seconds, and can be stopped and started again to make an outage. Nothing here is
 * meant for production: what they keep is as durable as one machine.
 */
@NullMarked
package io.stepvault.embedded;

import org.jspecify.annotations.NullMarked;
