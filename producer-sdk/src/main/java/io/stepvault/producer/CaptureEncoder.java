package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import io.stepvault.registry.RegistryAnswer;
import io.stepvault.registry.RegistryClient;
import io.stepvault.wire.ConfluentFormat;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.wire.SingleObjectCodec;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/** Turns captures into the values of records. Only the sending thread may use it, and it may have to wait. */
interface CaptureEncoder extends AutoCloseable {
    /**
     * Encodes a capture.
     *
     * @throws RuntimeException if that can never be
     */
    Encoded encode(StepCapture capture) throws InterruptedException;

    /** Throws nothing. */
    @Override
    default void close() {}

    /** What came of it. */
    sealed interface Encoded {
        /** The value of the record, and headers that go with it. */
        final class Value implements Encoded {
            private final byte[] bytes;
            private final List<Header> headers;

            Value(byte[] bytes, List<Header> headers) {
                this.bytes = bytes;
                this.headers = headers;
            }

            byte[] bytes() {
                return bytes;
            }

            List<Header> headers() {
                return headers;
            }
        }

        /**
         * Not now; it can be tried again.
         *
         * @param operatorMustAct whether waiting alone will not mend it
         */
        record NotNow(String why, boolean operatorMustAct) implements Encoded {}
    }

    /**
     * The encoder of a format.
     *
     * @throws IllegalArgumentException if it cannot be made
     * @throws io.stepvault.registry.RegistrySetupException if a file for the registry cannot be read
     */
    static CaptureEncoder of(WireFormat format, String topic) {
        if (format instanceof WireFormat.Confluent confluent) {
            return new OfRegistry(new RegistryClient(confluent.registry()), topic + "-value", confluent.registers());
        } else if (format instanceof WireFormat.Foreign foreign) {
            return new ForeignEncoder(foreign.serializers().get(), topic);
        }
        SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();
        return capture -> new Encoded.Value(codec.encode(capture), List.of());
    }

    /** The Confluent wire format. The schema's id is asked for once. */
    final class OfRegistry implements CaptureEncoder {
        private final RegistryClient registry;
        private final String subject;
        private final boolean registers;
        private final ConfluentFormat.Encoder encoder = new ConfluentFormat.Encoder();
        private Optional<Integer> id = Optional.empty();

        OfRegistry(RegistryClient registry, String subject, boolean registers) {
            this.registry = registry;
            this.subject = subject;
            this.registers = registers;
        }

        @Override
        public Encoded encode(StepCapture capture) throws InterruptedException {
            if (id.isEmpty()) {
                RegistryAnswer<Integer> answer = ask();
                if (!(answer instanceof RegistryAnswer.Found<Integer> found)) {
                    return notNow(answer);
                }
                id = Optional.of(found.value());
            }
            return new Encoded.Value(encoder.encode(id.get(), capture), List.of());
        }

        private RegistryAnswer<Integer> ask() throws InterruptedException {
            return registers
                    ? registry.register(subject, ContractSchemas.stepCapture())
                    : registry.lookUp(subject, ContractSchemas.stepCapture()).map(schema -> schema.id());
        }

        private Encoded notNow(RegistryAnswer<Integer> answer) {
            if (answer instanceof RegistryAnswer.Unavailable<Integer> unavailable) {
                return new Encoded.NotNow(unavailable.why(), unavailable.operatorMustAct());
            } else if (answer instanceof RegistryAnswer.Refused<Integer> refused) {
                return new Encoded.NotNow(refused.why(), true);
            }
            return new Encoded.NotNow(
                    "the schema is not registered under " + subject + "; run `stepvault schemas register`", true);
        }
    }
}
