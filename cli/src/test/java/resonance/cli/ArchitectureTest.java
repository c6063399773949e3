package resonance.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between modules, as the README's map shows them. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("resonance");

    private static final List<String> MODULES = List.of(
            "rope",
            "decoder",
            "natives",
            "posgen",
            "study",
            "report",
            "evaluation",
            "model",
            "serving",
            "transformer",
            "language",
            "experiment",
            "cli");

    @Test
    void everyPackageBelongsToAModule() {
        assertThat(packages())
                .allMatch(name -> MODULES.contains(name.split("\\.", -1)[1]))
                .hasSizeGreaterThan(MODULES.size());
        assertThat(MODULES).allMatch(module -> packages().stream().anyMatch(name -> isIn(name, "resonance." + module)));
    }

    private static Set<String> packages() {
        return CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    }

    private static boolean isIn(String name, String parent) {
        return name.equals(parent) || name.startsWith(parent + ".");
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
        assertThat(dependsOn("resonance.transformer", "org.bytedeco")).isTrue();
    }

    @Test
    void onlyReadingModelsKnowsTheTokenizersLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("resonance.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..")
                .check(CLASSES);
        assertThat(dependsOn("resonance.model", "ai.djl")).isTrue();
    }

    @Test
    void onlyTheSearchKnowsTheOptimisersLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("resonance.evaluation.search..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.hipparchus.optim..", "org.hipparchus.random..")
                .check(CLASSES);
        assertThat(dependsOn("resonance.evaluation.search", "org.hipparchus.optim"))
                .isTrue();
    }

    @Test
    void onlyTheSearchAndTheDistributionOfIntervalsKnowTheMathematicsLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("resonance.evaluation.search..")
                .and()
                .doNotHaveFullyQualifiedName("resonance.evaluation.StudentT")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.hipparchus..")
                .check(CLASSES);
    }

    @Test
    void onlyReadingStudiesKnowsTheYamlLibrary() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(YamlTree.class.getName())
                .and()
                .doNotHaveFullyQualifiedName(YamlTree.Value.class.getName())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.snakeyaml..")
                .check(CLASSES);
        assertThat(dependsOn("resonance.cli", "org.snakeyaml")).isTrue();
    }

    /** What each module may know of the others; those that are not here may know nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "natives     | none",
                "study       | none",
                "report      | none",
                "evaluation  | rope study report",
                "decoder     | rope",
                "model       | rope decoder natives study",
                "serving     | rope decoder model study",
                "transformer | rope decoder natives study",
                "language    | rope decoder study evaluation model serving transformer",
                "experiment  | rope decoder posgen study evaluation transformer",
            })
    void aModuleKnowsOnlyTheModulesThatItStandsOn(String module, String known) {
        List<String> unknown = new ArrayList<>(MODULES);
        unknown.remove(module);
        unknown.removeAll(List.of(known.split(" ", -1)));
        noClasses()
                .that()
                .resideInAPackage("resonance." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(unknown.stream()
                        .map(other -> "resonance." + other + "..")
                        .toArray(String[]::new))
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

    @ParameterizedTest
    @FieldSource("MODULES")
    void packagesInsideAModuleFormNoCycle(String module) {
        slices().matching("resonance.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES.that(resideInAPackage("resonance." + module + "..")));
    }

    @Test
    void theEncodingsKnowNeitherTheirAnalysisNorTheirConfigurations() {
        noClasses()
                .that()
                .resideInAPackage("resonance.rope")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("resonance.rope.analysis..", "resonance.rope.huggingface..")
                .check(CLASSES);
        slices().matching("resonance.rope.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
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

    /** Whether a class of a package and those below it depends on one of another. */
    private static boolean dependsOn(String from, String to) {
        return CLASSES.stream()
                .filter(type -> type.getPackageName().startsWith(from))
                .anyMatch(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                dependency.getTargetClass().getPackageName().startsWith(to)));
    }
}
