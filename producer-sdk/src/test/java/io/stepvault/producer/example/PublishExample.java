package io.stepvault.producer.example;

// tag::example[]
import io.stepvault.capture.Artifacts;
import io.stepvault.capture.StepCaptures;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.StepPublisher;
import java.time.Duration;
import java.time.Instant;

public final class PublishExample {

    public static void main(String[] args) {
        byte[] screenshot = {(byte) 0x89, 'P', 'N', 'G'};

        try (StepPublisher publisher = StepPublisher.to(args[0])
                .onDropped(dropped -> System.err.println("dropped " + dropped))
                .open()) {

            StepCapture step = StepCaptures.of("crawl-42", "step-1", Instant.now())
                    .setUrl("https://example.org/")
                    .setHtml(Artifacts.html("<html>...</html>"))
                    .setScreenshot(Artifacts.png(screenshot))
                    .setAction("{\"type\": \"click\", \"selector\": \"#next\"}")
                    .setEndOfSession(true)
                    .build();

            PublishResult result = publisher.publish(step); // microseconds; never throws, needs no broker
            System.out.println(result);

            boolean allOut = publisher.flush(Duration.ofSeconds(30)); // true once the broker has everything
            System.out.println(allOut ? "published" : "not all out yet: " + publisher.stats());
        }
    }
}
// end::example[]
