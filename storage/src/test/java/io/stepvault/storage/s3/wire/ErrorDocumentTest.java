package io.stepvault.storage.s3.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorDocumentTest {
    private static ErrorDocument parse(String text) {
        return ErrorDocument.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsCodeAndRegion() {
        assertThat(
                        parse(
                                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>PermanentRedirect</Code>"
                                        + "<Message>a <b>bold</b> one</Message><Endpoint>x</Endpoint><Region> eu-west-1 </Region></Error>"))
                .isEqualTo(new ErrorDocument("PermanentRedirect", Optional.of("eu-west-1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no XML",
                "<html><Code>SlowDown</Code></html>",
                "<Error><Code>SlowDown</Code>",
                "<Error><Inner><Code>SlowDown</Code></Inner></Error>",
                "<Error><Code>two words</Code></Error>",
                "<!DOCTYPE e [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Error><Code>&x;</Code></Error>"
            })
    void makesNothingOfAnythingElse(String text) {
        assertThat(parse(text)).isEqualTo(ErrorDocument.NONE);
    }

    @Property
    void neverFails(@ForAll byte[] body) {
        assertThat(ErrorDocument.parse(body)).isNotNull();
    }
}
