package dev.nearside.edge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The rules of the house, as far as they concern the edge.
class HouseTest {

    private static final String EDGE = "dev.nearside.edge";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(EDGE);

    @Test
    void decidingIsAFunctionOfItsArguments() {
        knowsOnly("decide", "http");
        knowsOnly("http");
    }

    @Test
    void routingAndKeyingAreFunctionsOfTheirArguments() {
        knowsOnly("route", "http");
        knowsOnly("key", "http", "route");
    }

    /// Beside the named steps, plain values of the JDK: no files, sockets, clocks, loggers or threads.
    private static void knowsOnly(String step, String... steps) {
        var allowed = new ArrayList<>(List.of(
                EDGE + "." + step,
                "dev.nearside.model..",
                "java.lang",
                "java.lang.invoke",
                "java.lang.runtime",
                "java.nio",
                "java.nio.charset",
                "java.security",
                "java.time",
                "java.util",
                "java.util.function",
                "java.util.stream",
                "org.jspecify.annotations"));
        for (var earlier : steps) allowed.add(EDGE + "." + earlier);
        check(classes()
                .that()
                .resideInAPackage(EDGE + "." + step)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(String[]::new))
                .because("it is tested by tables, without any machinery"));
        check(noClasses()
                .that()
                .resideInAPackage(EDGE + "." + step)
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, InstantSource.class, Thread.class, ThreadLocal.class, Random.class));
    }

    @Test
    void onlyTheStepsThatMoveBytesKnowVertx() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        EDGE,
                        EDGE + ".accept..",
                        EDGE + ".coding..",
                        EDGE + ".respond..",
                        EDGE + ".origin..",
                        EDGE + ".sync..",
                        EDGE + ".health..",
                        EDGE + ".store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty.."));
    }

    @Test
    void onlyTheDiskTierKnowsChronicleMap() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(EDGE + ".store.offheap")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.openhft.."));
    }

    @Test
    void evictionIsAFunctionOfNumbers() {
        check(classes()
                .that()
                .resideInAPackage(EDGE + ".store.evict")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        EDGE + ".store.evict",
                        "java.io",
                        "java.lang",
                        "java.util",
                        "java.util.function",
                        "org.jspecify.."));
    }

    @Test
    void onlyTheViewersFactsKnowTheirLibraries() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(EDGE + ".viewer")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.maxmind..", "nl.basjes.."));
    }

    @Test
    void otherModulesAreNotKnown() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.nearside.control..", "dev.nearside.admin.."));
    }

    @Test
    void nothingKnowsTheRoot() {
        check(noClasses()
                .that()
                .resideInAPackage(EDGE + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(EDGE));
    }

    @Test
    void noStepKnowsALaterOne() {
        check(layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(EDGE + "..")
                .withOptionalLayers(true)
                .layer("http")
                .definedBy(EDGE + ".http..")
                .layer("accept")
                .definedBy(EDGE + ".accept..")
                .layer("route")
                .definedBy(EDGE + ".route..")
                .layer("key")
                .definedBy(EDGE + ".key..")
                .layer("store")
                .definedBy(EDGE + ".store..")
                .layer("viewer")
                .definedBy(EDGE + ".viewer..")
                .layer("decide")
                .definedBy(EDGE + ".decide..")
                .layer("coding")
                .definedBy(EDGE + ".coding..")
                .layer("origin")
                .definedBy(EDGE + ".origin..")
                .layer("respond")
                .definedBy(EDGE + ".respond..")
                .layer("log")
                .definedBy(EDGE + ".log..")
                .layer("sync")
                .definedBy(EDGE + ".sync..")
                .layer("health")
                .definedBy(EDGE + ".health..")
                .layer("explain")
                .definedBy(EDGE + ".explain..")
                .layer("root")
                .definedBy(EDGE)
                .whereLayer("respond")
                .mayOnlyBeAccessedByLayers("log", "health", "sync", "root")
                .whereLayer("origin")
                .mayOnlyBeAccessedByLayers("respond", "log", "health", "sync", "explain", "root")
                .whereLayer("coding")
                .mayOnlyBeAccessedByLayers("origin", "respond", "log", "health", "sync", "root")
                .whereLayer("decide")
                .mayOnlyBeAccessedByLayers("origin", "respond", "log", "health", "sync", "explain", "root")
                .whereLayer("explain")
                .mayOnlyBeAccessedByLayers("root")
                .whereLayer("viewer")
                .mayOnlyBeAccessedByLayers("root")
                .whereLayer("log")
                .mayOnlyBeAccessedByLayers("health", "sync", "root"));
    }

    @Test
    void noCycleAnywhere() {
        check(slices().matching(EDGE + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void nothingStaticChanges() {
        check(noFields().that().areStatic().should().notBeFinal());
    }

    @Test
    void timeComesInThroughConstructors() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(EDGE)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }
}
