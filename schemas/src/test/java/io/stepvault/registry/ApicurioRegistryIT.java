package io.stepvault.registry;

import org.junit.jupiter.api.extension.ExtendWith;

/** The contract on a real registry. */
@ExtendWith(RealRegistry.class)
class ApicurioRegistryIT extends RegistryContract {
    private final RegistryClient client;

    ApicurioRegistryIT(RegistrySettings settings) {
        this.client = new RegistryClient(settings);
    }

    @Override
    RegistryClient client() {
        return client;
    }
}
