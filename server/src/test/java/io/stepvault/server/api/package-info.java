@NullMarked
package io.stepvault.server.api;

import org.jspecify.annotations.NullMarked;
