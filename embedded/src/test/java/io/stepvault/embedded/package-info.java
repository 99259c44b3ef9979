/** The embedded servers, tested through the clients that their users have. */
@NullMarked
package io.stepvault.embedded;

import org.jspecify.annotations.NullMarked;
