@NullMarked
package io.stepvault.worker.audit.sort;

import org.jspecify.annotations.NullMarked;
