package io.stepvault.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InertContentTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "image/png",
                "IMAGE/JPEG",
                "text/plain",
                "text/plain; charset=UTF-8",
                "application/json;charset=utf-8"
            })
    void knowsWhatRunsNothing(String type) {
        assertThat(InertContent.is(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "text/html; charset=utf-8",
                "image/svg+xml",
                "application/xml",
                "application/xhtml+xml",
                "application/pdf",
                "application/javascript",
                "multipart/x-mixed-replace",
                "application/octet-stream",
                "",
                "image/png,text/html",
                "image/png;,text/html",
                "image/png; a=b,text/html",
                "image/png\r\nx: y",
                "text/plain; charset=utf-8; boundary=x"
            })
    void takesAllElseForActive(String type) {
        assertThat(InertContent.is(type)).isFalse();
    }
}
