package io.stepvault;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/**
 * Imports point one way: the registry's client knows wire formats, wire formats know captures, captures know events, events
 * know nothing of ours.
 */
@AnalyzeClasses(packages = "io.stepvault", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule CAPTURES_DO_NOT_KNOW_WIRE_FORMATS = noClasses()
            .that()
            .resideInAPackage("..capture..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..wire..", "..registry..");

    @ArchTest
    static final ArchRule WIRE_FORMATS_DO_NOT_KNOW_THE_REGISTRY = noClasses()
            .that()
            .resideInAPackage("..wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..registry..", "java.net..");

    @ArchTest
    static final ArchRule EVENTS_STAND_ALONE = noClasses()
            .that()
            .resideInAPackage("..event..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..capture..", "..wire..", "..registry..");

    @ArchTest
    static final ArchRule ONLY_AVRO_AND_A_JSON_PARSER_ARE_NEEDED = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.stepvault.capture..",
                    "io.stepvault.wire..",
                    "io.stepvault.registry..",
                    "io.stepvault.event..",
                    "java..",
                    "javax.net.ssl..",
                    "org.apache.avro..",
                    "com.fasterxml.jackson.core..",
                    "org.jspecify.annotations..");

    @ArchTest
    static final ArchRule NOTHING_READS_THE_CLOCK = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now");
}
