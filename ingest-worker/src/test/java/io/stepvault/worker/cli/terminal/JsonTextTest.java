package io.stepvault.worker.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void writesOneObject() {
        String json = JsonText.object(fields -> {
            fields.writeStringField("id", "ä\u001B\n\u202E");
            JsonText.optional(fields, "next", Optional.empty());
        });

        assertThat(json).isEqualTo("{\"id\":\"\\u00E4\\u001B\\n\\u202E\",\"next\":null}");
    }

    @Property
    void staysOneLineOfAscii(@ForAll String text) {
        String json = JsonText.object(fields -> fields.writeStringField("text", text));

        assertThat(json).matches("[\\x20-\\x7F]*");
    }
}
