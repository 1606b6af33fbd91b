package org.lossservice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The shape of the code: web uses format and loss, these use tensor, and nothing points the other way. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.lossservice");

    @Test
    void arrows() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("root")
                .definedBy("org.lossservice")
                .layer("web")
                .definedBy("org.lossservice.web")
                .layer("format")
                .definedBy("org.lossservice.format")
                .layer("loss")
                .definedBy("org.lossservice.loss")
                .layer("tensor")
                .definedBy("org.lossservice.tensor")
                .whereLayer("root")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("web")
                .mayOnlyBeAccessedByLayers("root")
                .whereLayer("format")
                .mayOnlyBeAccessedByLayers("web")
                .whereLayer("loss")
                .mayOnlyBeAccessedByLayers("web")
                .whereLayer("tensor")
                .mayOnlyBeAccessedByLayers("web", "format", "loss")
                .because("what two packages need belongs in tensor, what joins them in web")
                .check(CLASSES);
    }

    @Test
    void noOtherPackages() {
        classes()
                .should()
                .resideInAnyPackage(
                        "org.lossservice",
                        "org.lossservice.web",
                        "org.lossservice.format",
                        "org.lossservice.loss",
                        "org.lossservice.tensor")
                .because("packages are one level, by concern: put the class where its concern is")
                .check(CLASSES);
    }

    @Test
    void noCycles() {
        slices().matching("org.lossservice.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void springAndServletsStayInWeb() {
        noClasses()
                .that()
                .resideInAnyPackage("org.lossservice.format", "org.lossservice.loss", "org.lossservice.tensor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "jakarta..", "org.slf4j..", "io.micrometer..")
                .because("kernels and formats know no HTTP: pass what they need as an argument, from web")
                .check(CLASSES);
    }

    @Test
    void jacksonReadsFormatsAndWeb() {
        noClasses()
                .that()
                .resideInAnyPackage("org.lossservice.loss", "org.lossservice.tensor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..")
                .because("JSON is read and written in format")
                .check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.fasterxml.jackson.core..",
                        "com.fasterxml.jackson.databind..",
                        "com.fasterxml.jackson.dataformat..")
                .because("that is Jackson 2; Jackson 3 is tools.jackson (only its annotations kept their package)")
                .check(CLASSES);
    }

    @Test
    void oneClassKnowsThreads() {
        noClasses()
                .that()
                .resideInAPackage("org.lossservice.loss")
                .and()
                .haveNameNotMatching(".*\\.LossEvaluator(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.concurrent..")
                .because("kernels compute what they are given; LossEvaluator shares the work between threads")
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatMayBeNull() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(NullMarked.class)
                .because("NullAway checks marked code alone")
                .check(CLASSES);
    }
}
