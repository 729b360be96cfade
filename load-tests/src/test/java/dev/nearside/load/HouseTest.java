package dev.nearside.load;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The rules of the house for this module.
class HouseTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.nearside.load");

    @Test
    void knowsOfTheOthersOnlyWhoIsEvicted() {
        classes()
                .that()
                .resideOutsideOfPackages(
                        "dev.nearside.load.bare..", "dev.nearside.load.bench..", "dev.nearside.load.restart..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.nearside.load..",
                        "dev.nearside.command..",
                        "dev.nearside.edge.store.evict",
                        "java..",
                        "javax.net.ssl..",
                        "com.github.benmanes.caffeine..",
                        "io.gatling..",
                        "org.jspecify..",
                        "picocli..")
                .check(CLASSES);
    }

    @Test
    void theBareHandlerListensAsTheEdgeDoes() {
        classes()
                .that()
                .resideInAPackage("dev.nearside.load.bare..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.nearside.load.bare..",
                        "dev.nearside.edge.accept",
                        "java..",
                        "org.jspecify..",
                        "io.vertx..",
                        "io.netty..")
                .check(CLASSES);
    }

    @Test
    void whoRestartsAnEdgeKnowsItsStoreToFillIt() {
        classes()
                .that()
                .resideInAPackage("dev.nearside.load.restart..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.nearside.load.restart..",
                        "dev.nearside.command",
                        "dev.nearside.edge.key",
                        "dev.nearside.edge.store.offheap",
                        "java..",
                        "org.jspecify..",
                        "picocli..",
                        "io.netty.buffer..")
                .check(CLASSES);
    }

    @Test
    void onlyTheBareHandlerAndTheBenchmarksKnowTheEdgesStack() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.nearside.load.bare..", "dev.nearside.load.bench..", "dev.nearside.load.restart..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .check(CLASSES);
    }

    @Test
    void whatIsMeasuredIsBehindTheDoorOfTheEdge() {
        noClasses()
                .that()
                .resideInAPackage("dev.nearside.load.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.nearside.edge", "dev.nearside.edge.accept..", "dev.nearside.control..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.nearside.load.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
