/**
 * Publishes step captures to Kafka without getting in the crawler's way: {@link
 * io.stepvault.producer.StepPublisher#publish} puts a capture into a bounded queue and returns within microseconds; a
 * daemon thread serializes and sends. What cannot be queued or sent is counted and named, never thrown.
 */
@NullMarked
package io.stepvault.producer;

import org.jspecify.annotations.NullMarked;
