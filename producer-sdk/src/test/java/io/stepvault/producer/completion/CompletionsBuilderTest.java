package io.stepvault.producer.completion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CompletionsBuilderTest {
    @Test
    void listensWithoutABrokerAndWithoutAnAddress() {
        StepCompletions completions =
                StepCompletions.from("no-such-host.invalid:9092").listen(batch -> {});

        assertThat(completions.stats()).isEqualTo(new CompletionStats(0, 0, 0, 0, 0));
        assertThat(completions.close(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void reportsAllMistakesAtOnce() {
        assertThatThrownBy(() -> StepCompletions.from("no port")
                        .topic("a b")
                        .group(" ")
                        .kafka("isolation.level", "read_uncommitted")
                        .kafka("group.id", "mine")
                        .kafka("fetch.max.bytes", "many")
                        .listen(batch -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains("bootstrap servers")
                .contains("topic is not")
                .contains("group is blank")
                .contains("isolation.level is set by the listener")
                .contains("group.id is set by the listener")
                .contains("fetch.max.bytes");
    }
}
