/**
 * The first stage: takes records off the topic, decodes and checks them, and holds the topic back when memory is full.
 */
@NullMarked
package io.stepvault.worker.consume;

import org.jspecify.annotations.NullMarked;
