/**
 * The disk queue's files: their format, the directory they lie in, and the I/O behind {@link
 * io.stepvault.worker.spool.SpoolDisk}.
 */
@NullMarked
package io.stepvault.worker.spool.file;

import org.jspecify.annotations.NullMarked;
