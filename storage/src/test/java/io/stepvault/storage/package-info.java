@NullMarked
package io.stepvault.storage;

import org.jspecify.annotations.NullMarked;
