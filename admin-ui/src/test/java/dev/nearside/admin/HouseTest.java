package dev.nearside.admin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.vaadin.flow.router.Route;
import org.junit.jupiter.api.Test;

class HouseTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.nearside.admin");

    @Test
    void controlKnowsNoVaadin() {
        noClasses()
                .that()
                .resideInAPackage("dev.nearside.admin.control")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.vaadin..", "jakarta.servlet..", "org.eclipse.jetty..")
                .because("what is asked of the control plane does not depend on who draws the answer")
                .check(CLASSES);
    }

    @Test
    void onlyControlSpeaksHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.nearside.admin", "dev.nearside.admin.control")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http")
                .because("views ask the ControlPlane interface")
                .check(CLASSES);
    }

    @Test
    void jettyStaysAtTheRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.nearside.admin")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .check(CLASSES);
    }

    @Test
    void oursIsOnlyTheSharedModel() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.nearside.control..", "dev.nearside.edge..", "dev.nearside.deploy..")
                .because("the console knows the control plane by its API alone")
                .check(CLASSES);
    }

    @Test
    void nothingKnowsTheRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.nearside.admin")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.nearside.admin")
                .check(CLASSES);
    }

    @Test
    void noCycles() {
        slices().matching("dev.nearside.admin.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void viewsAreNobodysBusiness() {
        classes()
                .that()
                .areAnnotatedWith(Route.class)
                .should()
                .bePackagePrivate()
                .check(CLASSES);
    }

    @Test
    void nothingIsStaticAndMutable() {
        fields().that().areStatic().should().beFinal().check(CLASSES);
    }
}
