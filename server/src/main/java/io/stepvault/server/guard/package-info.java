/** Who may ask: addresses, hosts, origins, the token and those who have signed in with it. */
@NullMarked
package io.stepvault.server.guard;

import org.jspecify.annotations.NullMarked;
