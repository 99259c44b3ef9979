@NullMarked
package io.stepvault.worker.deadletter;

import org.jspecify.annotations.NullMarked;
