/** What commands ask a Kafka cluster, with failures that people can act on. */
@NullMarked
package io.stepvault.worker.cli.cluster;

import org.jspecify.annotations.NullMarked;
