/** Tests of the in-memory publisher, from outside the publisher's package as its users are. */
@NullMarked
package io.stepvault.producer.testing;

import org.jspecify.annotations.NullMarked;
