@NullMarked
package io.stepvault.server;

import org.jspecify.annotations.NullMarked;
