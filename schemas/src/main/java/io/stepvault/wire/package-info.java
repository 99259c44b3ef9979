/**
 * Bytes to event and back. The formats are told apart by the first byte of a record: {@code C3 01} is Avro's
 * single-object encoding, {@code 00} the Confluent wire format.
 */
@NullMarked
package io.stepvault.wire;

import org.jspecify.annotations.NullMarked;
