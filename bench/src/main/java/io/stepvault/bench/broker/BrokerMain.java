package io.stepvault.bench.broker;

import io.stepvault.embedded.EmbeddedKafka;
import java.io.IOException;

/** A real broker as a process: it says its {@code bootstrap.servers}, and ends with its standard input. */
public final class BrokerMain {
    private BrokerMain() {}

    /** Takes properties of the broker, {@code name=value} each. */
    public static void main(String[] args) throws IOException {
        EmbeddedKafka.Builder builder = EmbeddedKafka.builder();
        for (String property : args) {
            int equals = property.indexOf('=');
            builder.property(property.substring(0, equals), property.substring(equals + 1));
        }
        try (EmbeddedKafka kafka = builder.start()) {
            System.out.println(kafka.bootstrapServers());
            while (System.in.read() >= 0) {
                // Nothing is said to it.
            }
        }
    }
}
