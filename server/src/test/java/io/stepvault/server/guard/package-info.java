@NullMarked
package io.stepvault.server.guard;

import org.jspecify.annotations.NullMarked;
