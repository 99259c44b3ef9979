/** For the tests of applications that publish: a publisher without Kafka, which does what the test says. */
@NullMarked
package io.stepvault.producer.testing;

import org.jspecify.annotations.NullMarked;
