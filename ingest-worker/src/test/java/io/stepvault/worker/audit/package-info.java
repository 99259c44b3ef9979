@NullMarked
package io.stepvault.worker.audit;

import org.jspecify.annotations.NullMarked;
