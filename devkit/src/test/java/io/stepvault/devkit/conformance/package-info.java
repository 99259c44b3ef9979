/** Holds the SDK, the decoders and the worker to the conformance kit, as every other producer is held to it. */
@NullMarked
package io.stepvault.devkit.conformance;

import org.jspecify.annotations.NullMarked;
