/**
 * Requests to S3 over kept connections, with nothing between the caller's bytes and the socket: the connection pool of
 * Apache HttpClient 5 and the protocol of HttpCore 5, without the client's chain of handlers.
 */
@NullMarked
package io.stepvault.storage.s3.wire;

import org.jspecify.annotations.NullMarked;
