@NullMarked
package io.stepvault.storage.file;

import org.jspecify.annotations.NullMarked;
