/**
 * The subcommands {@code demo} and {@code dev}, an embedded broker, a worker and a sample crawl in one process; and
 * {@code chaos}, whose machinery is a package of its own. All drive the product from outside, through its
 * configuration, the producer SDK, the completions topic and the step store, as a user would.
 */
@NullMarked
package io.stepvault.devkit;

import org.jspecify.annotations.NullMarked;
