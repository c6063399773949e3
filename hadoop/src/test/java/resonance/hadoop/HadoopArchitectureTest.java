package resonance.hadoop;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this module stands on, as the README's map shows it; the command line's test does not see it. */
class HadoopArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("resonance");

    @Test
    void itStandsOnStudyAlone() {
        noClasses()
                .that()
                .resideInAPackage("resonance.hadoop..")
                .should()
                .dependOnClassesThat(resideInAPackage("resonance..")
                        .and(resideInAnyPackage("resonance.hadoop..", "resonance.study..")
                                .negate()))
                .check(CLASSES);
    }

    @Test
    void nothingStandsOnIt() {
        noClasses()
                .that()
                .resideOutsideOfPackage("resonance.hadoop..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("resonance.hadoop..", "org.apache.hadoop.."))
                .check(CLASSES);
    }
}
