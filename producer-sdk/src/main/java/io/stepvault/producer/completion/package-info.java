/**
 * Tells an application what the workers have stored, from the topic of completions: {@link
 * io.stepvault.producer.completion.StepCompletions}.
 */
@NullMarked
package io.stepvault.producer.completion;

import org.jspecify.annotations.NullMarked;
