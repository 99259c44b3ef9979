/** What waits in a disk queue, shown as a store that can be read. */
@NullMarked
package io.stepvault.worker.spool.view;

import org.jspecify.annotations.NullMarked;
