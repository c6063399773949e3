package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The studies that come with the project, each held against its commands as before a run. */
class ShippedStudiesTest extends WithTinyModel {
    private static final Path STUDIES = Path.of("../studies");

    static List<Path> studies() throws IOException {
        try (Stream<Path> files = Files.list(STUDIES)) {
            return files.sorted().toList();
        }
    }

    /** A tiny model and a long text under every name that a study has for what doesn't ship. */
    private StudyPlan checked(Path file) throws IOException {
        StudyFile study = StudyFileReader.read(file);
        Path text = Files.writeString(folder.resolve("text"), TinyModel.text(40_000));
        for (StudyPart part : study.parts()) {
            for (StudyPart.Argument argument : part.arguments()) {
                for (String word : argument.option() ? List.<String>of() : argument.words()) {
                    Path there = folder.resolve(word);
                    Files.createDirectories(there.getParent());
                    if (!Files.exists(there) && argument.key().equals("model")) {
                        copy(tiny.folder(), there);
                    } else if (!Files.exists(there)) {
                        Files.createSymbolicLink(there, text);
                    }
                }
            }
        }
        return new StudyCheck(study, folder).plan();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("studies")
    void everyOneIsAStudyThatWouldRun(Path file) throws IOException {
        String name = String.valueOf(file.getFileName()).replace(".yaml", "");
        StudyPlan plan = checked(file);
        assertThat(plan.study()).isEqualTo(name);
        assertThat(plan.parts())
                .isNotEmpty()
                .allSatisfy(part -> assertThat(part.command()).endsWith(" --out runs/" + name + "/" + part.name()));
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "quick, comparison, 8",
        "table-1, table, 60",
        "figure-4, to-16384, 72",
        "figure-4, to-32768, 24",
        "wavelengths, four-heads, 160",
        "wavelengths, four-heads-training, 40",
        "wavelengths, four-heads-training-ten-seeds, 30",
        "wavelengths, eight-heads, 128",
        "wavelengths, recursive, 160",
        "wavelengths, recursive-training, 40",
    })
    void theirPartsHaveTheCellsOfTheTables(String study, String part, int cells) throws IOException {
        assertThat(checked(STUDIES.resolve(study + ".yaml")).parts().stream()
                        .filter(planned -> planned.name().equals(part))
                        .map(planned -> planned.cells().size()))
                .containsExactly(cells);
    }

    /** The cells that docs/results.md tells of, by the hashes of their specifications. */
    @ParameterizedTest
    @CsvSource({
        "four-heads, cot--resonance-p64-rope--1--df890cac2ca06cf5e6bd03d65e986b61",
        "four-heads-training, cot--resonance-p64-yarn--1--cc6d81e33e2ca5331e4201460208c31a",
        "recursive, recursive--resonance-p64-rope--1--a545ee452fd44f164733dde8e55cb096",
        "recursive-training, recursive--resonance-p64-yarn--1--55103d8a4d3f6365638e1d5a33fa8c29",
        "eight-heads, cot--rope--1--6b0af6ab7f577de01522de6089ec60f6",
        "eight-heads, cot--rope--2--dc09a74ba42e49723aa807ab46502c0f",
    })
    void theSweepIsTheCellsOfItsTable(String part, String cell) throws IOException {
        assertThat(checked(STUDIES.resolve("wavelengths.yaml")).parts().stream()
                        .filter(planned -> planned.name().equals(part))
                        .flatMap(planned -> planned.cells().stream()))
                .contains(cell);
    }
}
