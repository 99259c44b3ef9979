@NullMarked
package io.stepvault.server.thumbnail;

import org.jspecify.annotations.NullMarked;
