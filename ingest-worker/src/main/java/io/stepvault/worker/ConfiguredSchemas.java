package io.stepvault.worker;

import io.stepvault.registry.CachedSchemas;
import io.stepvault.wire.WriterSchemas;
import io.stepvault.worker.config.RegistryConfig;
import java.time.Clock;
import java.util.Deque;

/** The schemas of the registry that is configured. Stateless. */
final class ConfiguredSchemas {
    private ConfiguredSchemas() {}

    /**
     * Opens what is configured; none if nothing is.
     *
     * @param opened takes what is to be closed
     * @throws io.stepvault.registry.RegistrySetupException if a file for the registry cannot be read
     */
    static WriterSchemas open(RegistryConfig config, Clock clock, Deque<AutoCloseable> opened) {
        return config.settings()
                .<WriterSchemas>map(
                        settings -> OpenedParts.keep(opened, CachedSchemas.of(settings, config.cache(), clock)))
                .orElseGet(WriterSchemas::none);
    }
}
