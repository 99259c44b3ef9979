/** Tests of the publisher. */
@NullMarked
package io.stepvault.producer;

import org.jspecify.annotations.NullMarked;
