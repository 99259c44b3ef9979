@NullMarked
package io.stepvault.server.artifact;

import org.jspecify.annotations.NullMarked;
