package io.stepvault.devkit.example;

// tag::example[]
import io.stepvault.capture.ArtifactName;
import io.stepvault.storage.Completeness;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.SessionEntry;
import io.stepvault.storage.SessionFilter;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

public final class ReadExample {

    public static void main(String[] args) throws IOException {
        try (StepStore store = StepStore.open(URI.create(args[0]))) { // s3://bucket/prefix or file:///directory

            SessionFilter crawls = SessionFilter.byId("crawl-2026-11-20T08");
            for (SessionEntry session :
                    store.sessions(crawls, PageRequest.first(20)).items()) {
                System.out.println(session.day() + " " + session.sessionId());
            }

            String session = "crawl-2026-11-20T0800Z-029739";
            for (StepEntry entry : store.steps(session, PageRequest.first(3)).items()) {
                StoredStep step = store.load(session, entry.stepId()).orElseThrow(); // its latest revision
                System.out.println(entry.stepId() + " " + step.record().url().orElse("-"));
            }

            StoredStep step = store.load(session, "step-0003").orElseThrow();
            try (InputStream html = step.open(ArtifactName.HTML)) { // fails at its end if a byte has changed
                Files.copy(html, Path.of(args[1]));
            }
            step.presign(ArtifactName.SCREENSHOT, Duration.ofMinutes(10)) // empty for a directory
                    .ifPresent(secret -> System.out.println(
                            "a link for ten minutes is " + secret.toString().length() + " characters long"));

            Completeness whole = store.completeness(session);
            System.out.println(whole.captures() + " captures, " + whole.missingCount() + " missing, "
                    + (whole.ended() ? "ended" : "not ended"));
        }
    }
}
// end::example[]
