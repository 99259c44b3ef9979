package io.stepvault.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.stepvault.server", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule onlyHttpKnowsJetty = noClasses()
            .that()
            .resideOutsideOfPackage("..server.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..");

    @ArchTest
    static final ArchRule onlyThumbnailsReadPictures = noClasses()
            .that()
            .resideOutsideOfPackage("..server.thumbnail..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.imageio..", "java.awt..");

    @ArchTest
    static final ArchRule httpKnowsNothingOfSteps = noClasses()
            .that()
            .resideInAnyPackage("..server.http..", "..server.guard..", "..server.files..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stepvault.storage", "io.stepvault.capture..", "..server.api..");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("io.stepvault.server.(*)..").should().beFreeOfCycles();
}
