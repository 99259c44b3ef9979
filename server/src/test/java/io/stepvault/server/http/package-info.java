@NullMarked
package io.stepvault.server.http;

import org.jspecify.annotations.NullMarked;
