/**
 * Open chunk sets on the disk.
 */
@NullMarked
package io.stepvault.worker.assemble.file;

import org.jspecify.annotations.NullMarked;
