package io.stepvault.storage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.stepvault.storage", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyTheS3BackendKnowsTheSdk = noClasses()
            .that()
            .resideOutsideOfPackage("..storage.s3..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "io.netty..");

    @ArchTest
    static final ArchRule onlyRetriesKnowResilience4j = noClasses()
            .that()
            .resideOutsideOfPackage("..storage.retry..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.github.resilience4j..");

    @ArchTest
    static final ArchRule rolesKnowNoImplementation = noClasses()
            .that()
            .resideInAPackage("..storage.object..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.stepvault.storage",
                    "..storage.s3..",
                    "..storage.file..",
                    "..storage.memory..",
                    "..storage.retry..");

    @ArchTest
    static final ArchRule backendsKnowOnlyTheRoles = noClasses()
            .that()
            .resideInAnyPackage("..storage.s3..", "..storage.file..", "..storage.memory..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stepvault.storage", "..storage.retry..", "io.stepvault.capture..");

    @ArchTest
    static final ArchRule retriesKnowOnlyTheRoles = noClasses()
            .that()
            .resideInAPackage("..storage.retry..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stepvault.storage", "..storage.s3..", "..storage.file..", "..storage.memory..");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.stepvault.storage.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule oneOwnerOfTheLayout = classes()
            .that()
            .haveSimpleName("ObjectsLayout")
            .should()
            .onlyBeAccessed()
            .byAnyPackage("io.stepvault.storage");
}
