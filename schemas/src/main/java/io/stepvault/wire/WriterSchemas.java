package io.stepvault.wire;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;

/** The schemas that records of the Confluent wire format name by a number. Safe for any thread. */
public interface WriterSchemas {
    /** What is known of a schema at this moment. Does not wait for anything, and throws nothing. */
    Answer find(int id);

    /** Asks for a schema that is not known yet. The answer comes later; {@link #find} knows it from then on. */
    CompletableFuture<Answer> fetch(int id);

    /** No registry is configured, so that no schema is known. */
    static WriterSchemas none() {
        return new WriterSchemas() {
            private static final Answer NEVER = new Answer.Never(new Rejection(
                    Reason.UNKNOWN_SCHEMA,
                    "the record has the Confluent wire format's prefix, and no schema registry is configured"));

            @Override
            public Answer find(int id) {
                return NEVER;
            }

            @Override
            public CompletableFuture<Answer> fetch(int id) {
                return CompletableFuture.completedFuture(NEVER);
            }
        };
    }

    /** What is known of a schema. */
    sealed interface Answer {
        /** This is it. */
        record Known(Schema schema) implements Answer {}

        /** Records that name it can never be decoded: nobody knows it, or it is no Avro schema. */
        record Never(Rejection rejection) implements Answer {}

        /**
         * Nothing yet: nobody has asked, or the registry does not answer.
         *
         * @param why one sentence for an operator
         * @param operatorMustAct whether waiting alone will not mend it
         */
        record NotYet(String why, boolean operatorMustAct) implements Answer {}
    }
}
