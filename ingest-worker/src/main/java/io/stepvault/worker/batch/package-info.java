/**
 * The second stage: gathers the captures of a session until they are stored together.
 */
@NullMarked
package io.stepvault.worker.batch;

import org.jspecify.annotations.NullMarked;
