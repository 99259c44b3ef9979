/** What the worker says over HTTP: whether it lives, whether it is ready, and its metrics. */
@NullMarked
package io.stepvault.worker.http;

import org.jspecify.annotations.NullMarked;
