package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.model.EncodingChoice;
import resonance.model.ModelPositions;
import resonance.model.reading.ModelReader;
import resonance.rope.RopeFrequencies;
import resonance.rope.ScalingSettings;
import resonance.rope.StoredPeriods;
import resonance.serving.lint.Finding;
import resonance.serving.lint.LintRule;
import resonance.serving.lint.Linter;

/** Periods that are exported, read again from the files alone, and what is said of the files. */
class ExportedPeriodsTest {
    private static final int LENGTH = 4 * SmallModels.TRAINED_LENGTH;
    private static final ExportOutput NEW = new ExportOutput(CarriedFiles.COPY, false);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    static Stream<Arguments> encodings() {
        return Stream.of(
                        "resonance-",
                        "resonance-p16-",
                        "resonance-p64-",
                        "resonance-x4-",
                        "resonance-x16-",
                        "resonance-searched-")
                .flatMap(prefix -> Stream.of("none", "linear", "yarn", "llama3", "ntk-critical", "mrrope", "cope")
                        .map(scaling -> Arguments.of(prefix + scaling)));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void aFolderGivesEveryPeriodBack(String encoding) throws IOException {
        SmallModels.folder(folder.resolve("model"), "llama", "LlamaForCausalLM", Map.of("rope_theta", 20_000.0));
        RopeFrequencies exported = export(folder.resolve("model"), encoding);
        RopeFrequencies read = read().orElseThrow().frequencies();
        for (int pair = 0; pair < exported.pairs(); pair++) {
            assertThat(read.periodTokens(pair)).as("pair %d", pair).isEqualTo(exported.periodTokens(pair));
            assertThat(read.turns(pair)).as("pair %d", pair).isEqualTo(exported.turns(pair));
        }
        assertThat(rules("out")).contains(LintRule.RESONANT_DIVISORS);
        assertThat(Linter.lint(folder.resolve("out")).findings())
                .filteredOn(finding -> finding.rule() == LintRule.RESONANT_DIVISORS)
                .extracting(Finding::key)
                .containsOnly("rope_scaling.long_factor");
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void aFileGivesItsPeriodsBackThoughItHoldsFloat32(String encoding) throws IOException {
        SmallModels.gguf("llama").write(folder.resolve("model.gguf"));
        RopeFrequencies exported = export(folder.resolve("model.gguf"), encoding);
        RopeFrequencies read = read().orElseThrow().frequencies();
        for (int pair = 0; pair < exported.pairs(); pair++) {
            if (exported.wavelength(pair) < 10_000 || read.periodTokens(pair) > 0) {
                assertThat(read.periodTokens(pair)).as("pair %d", pair).isEqualTo(exported.periodTokens(pair));
                assertThat(read.turns(pair)).as("pair %d", pair).isEqualTo(exported.turns(pair));
            }
        }
        assertThat(rules("out")).contains(LintRule.RESONANT_DIVISORS);
    }

    private List<LintRule> rules(String name) {
        return Linter.lint(folder.resolve(name)).findings().stream()
                .map(Finding::rule)
                .toList();
    }

    private RopeFrequencies export(Path source, String encoding) throws IOException {
        try (var model = ModelReader.open(source)) {
            ServedEncoding served = ServedEncoding.of(
                    model.positions(), EncodingChoice.of(encoding, ScalingSettings.ofFactor(4)), LENGTH);
            Export.of(model, served, "test").write(folder.resolve("out"), NEW, (bytes, total) -> {}, () -> false);
            return served.full();
        }
    }

    private Optional<StoredPeriods> read() {
        try (ModelPositions model = ModelReader.positions(folder.resolve("out"))) {
            return StoredPeriods.in(
                    model.positions().rope().frequencies(LENGTH),
                    model.saidRounding().bounded(SmallModels.TRAINED_LENGTH));
        }
    }
}
