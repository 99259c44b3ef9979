package io.stepvault.worker.cli.schemas;

import io.stepvault.worker.cli.RegistryOptions;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which registry, and which subject in it. */
final class SubjectOption {
    @Mixin
    RegistryOptions registry = new RegistryOptions();

    @Option(
            names = "--subject",
            paramLabel = "NAME",
            description = "The subject. Default: topic.captures of the configuration, and -value.")
    private Optional<String> subject = Optional.empty();

    String subject(Map<String, String> environment) {
        return subject.orElseGet(() -> registry.subject(environment));
    }
}
