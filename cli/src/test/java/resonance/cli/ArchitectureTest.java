package resonance.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between modules, as the README's map shows them. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("resonance");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resonance.rope",
                "resonance.rope.huggingface",
                "resonance.posgen",
                "resonance.evaluation",
                "resonance.evaluation.report",
                "resonance.transformer",
                "resonance.experiment",
                "resonance.cli"
            })
    void everyPackageExists(String name) {
        assertThat(CLASSES.containPackage(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"resonance.rope", "resonance.posgen"})
    void dependsOnNothingButTheJdk(String module) {
        classes()
                .that()
                .resideInAPackage(module + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(module + "..", "java..")
                .check(CLASSES);
    }

    @Test
    void onlyTheTransformerKnowsTheNativeLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("resonance.transformer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..")
                .check(CLASSES);
        assertThat(CLASSES.stream()
                        .filter(type -> type.getPackageName().equals("resonance.transformer"))
                        .anyMatch(type -> type.getDirectDependenciesFromSelf().stream()
                                .anyMatch(dependency -> dependency
                                        .getTargetClass()
                                        .getPackageName()
                                        .startsWith("org.bytedeco"))))
                .isTrue();
    }

    @Test
    void measuringKnowsNothingOfTraining() {
        noClasses()
                .that()
                .resideInAPackage("resonance.evaluation..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("resonance.transformer..", "resonance.experiment..", "resonance.cli..")
                .check(CLASSES);
    }

    @Test
    void theTransformerKnowsNothingOfTheBenchmark() {
        noClasses()
                .that()
                .resideInAPackage("resonance.transformer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "resonance.posgen..", "resonance.evaluation..", "resonance.experiment..", "resonance.cli..")
                .check(CLASSES);
    }

    @Test
    void nothingKnowsTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("resonance.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("resonance.cli..", "picocli..")
                .check(CLASSES);
    }

    @Test
    void modulesFormNoCycle() {
        slices().matching("resonance.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheProgramEndsTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ResonanceCli.class.getName())
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }
}
