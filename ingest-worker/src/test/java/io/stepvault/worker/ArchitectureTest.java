package io.stepvault.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.stepvault.worker", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Data flows one way: a stage knows only those after it, and only the root package knows them all. */
    @ArchTest
    static final ArchRule importsPointDownstream = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("root")
            .definedBy("io.stepvault.worker")
            .layer("consume")
            .definedBy("..consume..")
            .layer("assemble")
            .definedBy("..assemble..")
            .layer("batch")
            .definedBy("..batch..")
            .layer("store")
            .definedBy("io.stepvault.worker.store..")
            .layer("spool")
            .definedBy("io.stepvault.worker.spool..")
            .layer("complete")
            .definedBy("..complete..")
            .layer("commit")
            .definedBy("..commit..")
            .whereLayer("consume")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("assemble")
            .mayOnlyBeAccessedByLayers("root", "consume")
            .whereLayer("batch")
            .mayOnlyBeAccessedByLayers("root", "consume", "assemble")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("root", "batch")
            .whereLayer("spool")
            .mayOnlyBeAccessedByLayers("root", "store")
            .whereLayer("complete")
            .mayOnlyBeAccessedByLayers("root", "store", "spool")
            .whereLayer("commit") // for consume: what a committed offset says of itself
            .mayOnlyBeAccessedByLayers("root", "consume", "assemble", "complete");

    @ArchTest
    static final ArchRule whatFlowsKnowsNoStage = noClasses()
            .that()
            .resideInAnyPackage("..flow..", "..metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..consume..",
                    "..assemble..",
                    "..batch..",
                    "io.stepvault.worker.store..",
                    "io.stepvault.worker.spool..",
                    "..complete..",
                    "..commit..");

    @ArchTest
    static final ArchRule stagesKnowNeitherConfigurationNorCommandLine = noClasses()
            .that()
            .resideInAnyPackage(
                    "..flow..",
                    "..consume..",
                    "..assemble..",
                    "..batch..",
                    "io.stepvault.worker.store..",
                    "io.stepvault.worker.spool..",
                    "..complete..",
                    "..commit..",
                    "..deadletter..",
                    "..http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.stepvault.worker.config..", "io.stepvault.worker.cli..");

    /** I/O stands at the edges, so that the core can be driven by a simulation. */
    @ArchTest
    static final ArchRule theCoreDoesNoIo = noClasses()
            .that()
            .resideInAnyPackage(
                    "..flow..",
                    "io.stepvault.worker.assemble",
                    "..batch..",
                    "io.stepvault.worker.spool",
                    "..complete..")
            .or()
            .haveSimpleNameStartingWith("Commit")
            .and()
            .resideInAPackage("..commit..")
            .and()
            .doNotHaveSimpleName("CommitRecords")
            .or()
            .haveSimpleNameStartingWith("Store")
            .and()
            .resideInAPackage("io.stepvault.worker.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.io..",
                    "java.nio.file..",
                    "java.net.http..",
                    "org.apache.kafka.clients.producer..",
                    "software.amazon..");

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .that()
            .resideOutsideOfPackages("io.stepvault.worker.cli..", "io.stepvault.worker.config..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule noVagueNames = classes().should().haveNameNotMatching(".*(Util|Utils|Manager|Helper|Impl)$");
}
