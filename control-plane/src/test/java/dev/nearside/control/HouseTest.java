package dev.nearside.control;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rules of the house, for this module.
class HouseTest {
    private static final String HOME = "dev.nearside.control";

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(HOME);

    @Test
    void onlyPersistenceKnowsTheDatabase() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HOME + ".persistence")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "javax.sql..",
                        "org.jdbi..",
                        "org.h2..",
                        "com.zaxxer..",
                        "org.flywaydb..",
                        "org.postgresql..")
                .check(HOUSE);
    }

    @Test
    void onlyHttpKnowsTheWebServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HOME + ".http")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.helidon..")
                .check(HOUSE);
    }

    @Test
    void onlyTheRootKnowsPersistence() {
        noClasses()
                .that()
                .resideOutsideOfPackages(HOME, HOME + ".persistence")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(HOME + ".persistence")
                .check(HOUSE);
    }

    @Test
    void nothingKnowsTheRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HOME)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(HOME)
                .check(HOUSE);
    }

    @Test
    void thereAreNoCycles() {
        slices().matching(HOME + ".(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void otherModulesAreNotKnown() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.nearside.edge..", "dev.nearside.admin..")
                .check(HOUSE);
    }

    @Test
    void nothingStaticChanges() {
        fields().that()
                .areStatic()
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage(HOME + "..")
                .should()
                .beFinal()
                .check(HOUSE);
    }

    @Test
    void nobodyKeepsThingsPerThread() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocal.class)
                .check(HOUSE);
    }

    @Test
    void everyPackageSaysWhatItPromises() {
        assertThat(HOUSE.stream()
                        .map(type -> type.getPackage())
                        .distinct()
                        .filter(home -> !home.isAnnotatedWith(NullMarked.class))
                        .map(JavaPackage::getName))
                .isEmpty();
    }

    @Test
    void utilitiesAreFinal() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .doNotHaveModifier(JavaModifier.ABSTRACT)
                .and()
                .areTopLevelClasses()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(HOUSE);
    }
}
