package io.stepvault.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Rejection.Reason;
import io.stepvault.registry.RegistryAnswer.Found;
import io.stepvault.registry.RegistryAnswer.Missing;
import io.stepvault.registry.RegistryAnswer.Unavailable;
import io.stepvault.registry.RegistryClient.SchemaText;
import io.stepvault.wire.WriterSchemas.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachedSchemasTest {
    private static final CachedSchemas.Limits LIMITS = new CachedSchemas.Limits(2, Duration.ofSeconds(10));

    private final AtomicInteger asked = new AtomicInteger();
    private final HandClock clock = new HandClock();
    private volatile RegistryAnswer<SchemaText> says = avro("\"string\"");
    private final CachedSchemas schemas = new CachedSchemas(id -> answer(), LIMITS, clock);

    @AfterEach
    void close() {
        schemas.close();
    }

    @Test
    void schemaIsFetchedOnce() {
        assertThat(schemas.find(1)).isInstanceOf(Answer.NotYet.class);
        assertThat(schemas.fetch(1).join()).isInstanceOf(Answer.Known.class);

        assertThat(schemas.find(1)).isInstanceOf(Answer.Known.class);
        assertThat(schemas.fetch(1).join()).isInstanceOf(Answer.Known.class);
        assertThat(asked).hasValue(1);
    }

    @Test
    void thoseWhoAskForTheSameSchemaShareOneRequest() {
        CountDownLatch go = new CountDownLatch(1);
        try (CachedSchemas slow = new CachedSchemas(
                id -> {
                    go.await();
                    return answer();
                },
                LIMITS,
                clock)) {
            CompletableFuture<Answer> first = slow.fetch(1);
            CompletableFuture<Answer> second = slow.fetch(1);
            go.countDown();

            assertThat(first.join()).isSameAs(second.join());
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void unknownIdIsBelievedForAWhile() {
        says = new Missing<>("not there");
        assertThat(never(schemas.fetch(1).join()).rejection().reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);

        says = avro("\"string\"");
        assertThat(schemas.find(1)).isInstanceOf(Answer.Never.class);
        clock.now = clock.now.plusSeconds(10);

        assertThat(schemas.find(1)).isInstanceOf(Answer.NotYet.class);
        assertThat(schemas.fetch(1).join()).isInstanceOf(Answer.Known.class);
    }

    @Test
    void outageIsNotRemembered() {
        says = new Unavailable<>("down", true);
        assertThat(schemas.fetch(1).join()).isEqualTo(new Answer.NotYet("down", true));

        says = avro("\"string\"");
        assertThat(schemas.fetch(1).join()).isInstanceOf(Answer.Known.class);
    }

    @Test
    void whatIsKeptIsBounded() {
        for (int id = 1; id <= 3; id++) {
            schemas.fetch(id).join();
        }

        assertThat(schemas.find(1)).isInstanceOf(Answer.NotYet.class);
        assertThat(schemas.find(3)).isInstanceOf(Answer.Known.class);
    }

    @Test
    void whatIsNoAvroSchemaIsNeverUsed() {
        says = new Found<>(new SchemaText("syntax = \"proto3\";", "PROTOBUF", false));
        assertThat(never(schemas.fetch(1).join()).rejection().detail()).contains("not of type AVRO");

        says = new Found<>(new SchemaText("\"string\"", "AVRO", true));
        assertThat(never(schemas.fetch(2).join()).rejection().detail()).contains("refers to other schemas");

        says = avro("{\"type\": \"nonsense\"}");
        assertThat(never(schemas.fetch(3).join()).rejection().detail()).contains("no valid Avro schema");
    }

    @Test
    void mistakeInTheSourceIsToldAndNotThrown() {
        try (CachedSchemas broken = new CachedSchemas(
                id -> {
                    throw new IllegalStateException("oops");
                },
                LIMITS,
                clock)) {
            assertThat(broken.fetch(1).join()).isInstanceOf(Answer.NotYet.class);
        }
    }

    @Test
    void whoWaitsWhenItIsClosedIsTold() {
        CachedSchemas stuck = new CachedSchemas(
                id -> {
                    new CountDownLatch(1).await();
                    return answer();
                },
                LIMITS,
                clock);
        CompletableFuture<Answer> first = stuck.fetch(1);
        CompletableFuture<Answer> behind = stuck.fetch(2);

        stuck.close();

        assertThat(first.join()).isInstanceOf(Answer.NotYet.class);
        assertThat(behind.join()).isInstanceOf(Answer.NotYet.class);
    }

    private RegistryAnswer<SchemaText> answer() {
        asked.incrementAndGet();
        return says;
    }

    private static RegistryAnswer<SchemaText> avro(String schema) {
        return new Found<>(new SchemaText(schema, "AVRO", false));
    }

    private static Answer.Never never(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Never.class);
        return (Answer.Never) answer;
    }

    private static final class HandClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-20T08:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
