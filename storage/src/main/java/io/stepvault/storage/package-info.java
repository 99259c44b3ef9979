/**
 * The step store: step captures as durable, readable objects. It owns the layout of the bucket and the order of writes
 * that makes a step visible whole or not at all; the object stores below it only know keys and bytes.
 */
@NullMarked
package io.stepvault.storage;

import org.jspecify.annotations.NullMarked;
