/**
 * The sizes drill: a worker in a process of its own, with a small heap, takes what is large or many, and its resident
 * set stays below a limit while every capture is stored and completed once.
 */
@NullMarked
package io.stepvault.bench.sizes;

import org.jspecify.annotations.NullMarked;
