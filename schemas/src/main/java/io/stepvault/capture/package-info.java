/**
 * What a step capture is, apart from its wire format: how its ids are written, what makes two captures the same
 * revision, what the commit record says, and which captures can never be stored.
 */
@NullMarked
package io.stepvault.capture;

import org.jspecify.annotations.NullMarked;
