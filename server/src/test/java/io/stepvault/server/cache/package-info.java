@NullMarked
package io.stepvault.server.cache;

import org.jspecify.annotations.NullMarked;
