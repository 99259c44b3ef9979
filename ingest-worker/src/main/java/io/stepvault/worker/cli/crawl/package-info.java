/** A crawl in a directory, as {@code stepvault publish} reads it: one directory per session, one per step in it. */
@NullMarked
package io.stepvault.worker.cli.crawl;

import org.jspecify.annotations.NullMarked;
