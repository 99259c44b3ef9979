/**
 * What the worker counts and measures, under one roof so that names stay alike.
 */
@NullMarked
package io.stepvault.worker.metrics;

import org.jspecify.annotations.NullMarked;
