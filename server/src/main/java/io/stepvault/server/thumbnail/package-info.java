/** Small pictures of screenshots, which are hostile input: scaled within bounds of memory and time, and kept for a while. */
@NullMarked
package io.stepvault.server.thumbnail;

import org.jspecify.annotations.NullMarked;
