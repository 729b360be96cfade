package dev.nearside.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The rules of the house for this module.
class HouseTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.nearside");

    @Test
    void packsTheOthersAndKnowsNoneOfThem() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.nearside.deploy..",
                        "dev.nearside.command..",
                        "java..",
                        "jakarta.json..",
                        "io.helidon..",
                        "picocli..",
                        "org.slf4j..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void theTetherNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("dev.nearside.deploy.tether")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.nearside.deploy.tether", "java..", "org.jspecify..")
                .because("it runs on the class path of other programs")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.nearside.deploy.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
