@NullMarked
package io.stepvault.server.listing;

import org.jspecify.annotations.NullMarked;
