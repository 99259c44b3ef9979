package io.stepvault.producer.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.CaptureTopic;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PublishExampleIT {
    @Test
    void theExampleOfTheReadmePublishesItsStep() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.builder().start()) {
            CaptureTopic topic = new CaptureTopic(kafka.bootstrapServers(), "step-captures").create(12, Map.of());

            PublishExample.main(new String[] {kafka.bootstrapServers()});

            assertThat(topic.captures()).singleElement().satisfies(step -> {
                assertThat(step.getSessionId()).isEqualTo("crawl-42");
                assertThat(step.getSequence()).contains(0L);
                assertThat(step.getScreenshot()).isPresent();
                assertThat(step.getAction()).contains("{\"type\": \"click\", \"selector\": \"#next\"}");
            });
            assertThat(topic.captures())
                    .extracting(StepCapture::getEndOfSession)
                    .containsExactly(true);
        }
    }
}
