/** {@code stepvault schemas}: the schema of step captures in a schema registry. */
@NullMarked
package io.stepvault.worker.cli.schemas;

import org.jspecify.annotations.NullMarked;
