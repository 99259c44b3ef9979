/** The read API: what each route answers, over a {@link io.stepvault.storage.StepStore}. */
@NullMarked
package io.stepvault.server.api;

import org.jspecify.annotations.NullMarked;
