/**
 * The programs of the leanest drains. They know Kafka's client, Apache HttpCore and nothing of Stepvault: what they cost
 * is what the work costs that no drain can leave out.
 */
@NullMarked
package io.stepvault.bench.drain.lean;

import org.jspecify.annotations.NullMarked;
