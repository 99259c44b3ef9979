/** A stand-in for S3 that costs little: it takes what is put, checks it if asked to, keeps nothing and counts. */
@NullMarked
package io.stepvault.bench.stub;

import org.jspecify.annotations.NullMarked;
