/** Signatures, against AWS's examples and the SDK. */
@NullMarked
package io.stepvault.storage.s3.sign;

import org.jspecify.annotations.NullMarked;
