package io.stepvault.worker.cli.doctor;

import io.stepvault.registry.RegisteredSchema;
import io.stepvault.registry.RegistryAnswer;
import io.stepvault.registry.RegistryClient;
import io.stepvault.registry.RegistrySettings;
import io.stepvault.registry.RegistrySetupException;
import io.stepvault.worker.config.KafkaConfig;
import java.util.List;
import java.util.Optional;

/** Asks the schema registry for the schema of the topic, if one is configured. Stateless; safe for any thread. */
final class RegistryCheck {
    private static final String SUBJECT = "schema registry";

    private RegistryCheck() {}

    static List<Finding> look(KafkaConfig kafka) {
        return kafka.registry()
                .settings()
                .map(settings -> List.of(look(settings, kafka.topics().captures() + "-value")))
                .orElse(List.of());
    }

    private static Finding look(RegistrySettings settings, String subject) {
        RegistryAnswer<RegisteredSchema> answer;
        try {
            answer = new RegistryClient(settings).latest(subject);
        } catch (RegistrySetupException e) {
            return Finding.fail(SUBJECT, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.fail(SUBJECT, "interrupted", "run it again");
        }
        if (answer instanceof RegistryAnswer.Found<RegisteredSchema> found) {
            return look(found.value());
        } else if (answer instanceof RegistryAnswer.Missing) {
            return Finding.warn(
                    SUBJECT,
                    "answers; nothing is registered under " + subject,
                    "run `stepvault schemas register`, unless producers register it or use another subject");
        }
        String why = answer instanceof RegistryAnswer.Unavailable<RegisteredSchema> unavailable
                ? unavailable.why()
                : ((RegistryAnswer.Refused<RegisteredSchema>) answer).why();
        return Finding.fail(SUBJECT, why);
    }

    private static Finding look(RegisteredSchema latest) {
        String version = latest.subject() + " has version " + latest.version() + ", id " + latest.id();
        Optional<String> unreadable = latest.whyNoCaptures();
        return unreadable.isEmpty()
                ? Finding.ok(SUBJECT, "answers; " + version)
                : Finding.fail(
                        SUBJECT,
                        version + ", which workers cannot read: it " + unreadable.get(),
                        "register a schema that is compatible with Stepvault's");
    }
}
