/** Requests over real sockets. */
@NullMarked
package io.stepvault.storage.s3.wire;

import org.jspecify.annotations.NullMarked;
