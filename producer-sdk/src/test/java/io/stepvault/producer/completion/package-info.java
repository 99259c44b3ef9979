/** Tests of the listener for completions. */
@NullMarked
package io.stepvault.producer.completion;

import org.jspecify.annotations.NullMarked;
