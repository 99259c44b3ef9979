/**
 * Captures for tests: a builder for those that a test describes ({@link io.stepvault.capture.testing.StepBuilder}) and
 * arbitraries for properties ({@link io.stepvault.capture.testing.CaptureArbitraries}). Other modules take them from
 * this module's test jar; with it on the class path {@code @ForAll StepCapture} works.
 */
@NullMarked
package io.stepvault.capture.testing;

import org.jspecify.annotations.NullMarked;
