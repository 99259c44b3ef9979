/** The read server: stored steps over HTTP, and the viewer in front of them. */
@NullMarked
package io.stepvault.server;

import org.jspecify.annotations.NullMarked;
