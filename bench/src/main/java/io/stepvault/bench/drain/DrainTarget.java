package io.stepvault.bench.drain;

import java.net.URI;
import java.nio.file.Path;

/**
 * What a drain takes from and puts to. The store takes any credentials that are well-formed; they are in the process's
 * environment, and so is the region. Trust in the store's certificate comes by the JVM's own system properties.
 *
 * @param bootstrapServers of the broker
 * @param topic holds the captures, one record each
 * @param group the consumer group to commit for: nothing is committed for it yet, and reading begins at the topic's start
 * @param endpoint of the store, {@code http://127.0.0.1:...} or {@code https://127.0.0.1:...}; path style
 * @param bucket exists
 * @param directory empty and the drain's own, for configuration and what else it must keep
 */
public record DrainTarget(
        String bootstrapServers, String topic, String group, URI endpoint, String bucket, Path directory) {}
