/** The steps of sessions, listed once for many who look on. */
@NullMarked
package io.stepvault.server.listing;

import org.jspecify.annotations.NullMarked;
