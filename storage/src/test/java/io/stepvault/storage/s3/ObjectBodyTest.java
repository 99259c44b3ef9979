package io.stepvault.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

class ObjectBodyTest {
    private static final int SIZE = 1_000_000;

    private final List<String> ends = new ArrayList<>();

    private ObjectBody body() {
        ByteArrayInputStream bytes = new ByteArrayInputStream(new byte[SIZE]) {
            @Override
            public void close() {
                ends.add("closed");
            }
        };
        return new ObjectBody(new ResponseInputStream<>(
                GetObjectResponse.builder().contentLength((long) SIZE).build(),
                AbortableInputStream.create(bytes, () -> ends.add("given up"))));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500_000})
    void givesTheConnectionUpWhenMuchIsLeft(int read) throws IOException {
        try (ObjectBody body = body()) {
            assertThat(body.readNBytes(read)).hasSize(read);
        }

        assertThat(ends).startsWith("given up");
    }

    @ParameterizedTest
    @ValueSource(ints = {900_000, 1_000_000, 1_000_001})
    void keepsTheConnectionWhenLittleIsLeft(int read) throws IOException {
        try (ObjectBody body = body()) {
            body.skipNBytes(1_000);
            assertThat(body.read()).isZero();
            assertThat(body.readNBytes(read - 1_001)).isNotEmpty();
        }

        assertThat(ends).containsExactly("closed");
    }

    @Test
    void keepsTheConnectionAtTheEnd() throws IOException {
        try (ObjectBody body = body()) {
            assertThat(body.readAllBytes()).hasSize(SIZE);
        }

        assertThat(ends).containsExactly("closed");
    }
}
