/**
 * The second stage: puts captures that came in chunks together again, decodes and checks them.
 */
@NullMarked
package io.stepvault.worker.assemble;

import org.jspecify.annotations.NullMarked;
