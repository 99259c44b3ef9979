/** How captured content, which is hostile, is handed out: as which type, under which name, which bytes of it. */
@NullMarked
package io.stepvault.server.artifact;

import org.jspecify.annotations.NullMarked;
