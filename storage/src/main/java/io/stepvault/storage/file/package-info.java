/** An object store in a directory: each object a file, written whole or not at all. */
@NullMarked
package io.stepvault.storage.file;

import org.jspecify.annotations.NullMarked;
