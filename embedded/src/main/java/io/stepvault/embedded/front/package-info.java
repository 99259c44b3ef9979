/**
 * A door before an S3 server at which requests go wrong as they do in the field: errors, throttling, lost answers,
 * connections that break or hang, slow lines. It can be told at any time what goes wrong next, and how often.
 */
@NullMarked
package io.stepvault.embedded.front;

import org.jspecify.annotations.NullMarked;
