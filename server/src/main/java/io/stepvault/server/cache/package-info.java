/** Results that are dear to make and wanted by many. */
@NullMarked
package io.stepvault.server.cache;

import org.jspecify.annotations.NullMarked;
