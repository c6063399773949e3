package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterRole;
import resonance.decoder.WeightSource;
import resonance.model.ChangedWeights;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.ModelPositions;
import resonance.model.reading.ModelReader;
import resonance.rope.ScalingSettings;
import resonance.study.AtomicFile;

/** Models written with new values for some of their parameters, read again. */
class ChangedWeightsExportTest {
    private static final int LENGTH = 4 * SmallModels.TRAINED_LENGTH;

    private final Path source;
    private final Path out;

    ChangedWeightsExportTest(@TempDir Path folder) throws IOException {
        this.source = folder.resolve("model");
        this.out = Files.createDirectory(folder.resolve("out"));
    }

    /** Numbers that no 16-bit type holds exactly, another for every element of every parameter. */
    private static ChangedWeights changed(Model model, Predicate<Parameter> which) {
        Set<Parameter> parameters = model.description().decoder().parameters().stream()
                .filter(which)
                .collect(Collectors.toSet());
        return new ChangedWeights(parameters, (parameter, firstElement, count, target, offset) -> {
            for (int i = 0; i < count; i++) {
                long element = firstElement + i;
                target[offset + i] = (float) new Random(31L * parameter.name().hashCode() + element).nextGaussian() / 7;
            }
        });
    }

    private void write(Model model, ChangedWeights changed, String encoding) throws IOException {
        ServedEncoding served =
                ServedEncoding.of(model.positions(), EncodingChoice.of(encoding, ScalingSettings.ofFactor(4)), LENGTH);
        for (Map.Entry<String, AtomicFile.Content> file :
                Export.of(model, served, "test").files(changed).entrySet()) {
            try (OutputStream stream = Files.newOutputStream(out.resolve(file.getKey()))) {
                file.getValue().writeTo(stream);
            }
        }
    }

    private static void assertSame(Model model, WeightSource expected, WeightSource written) {
        for (Parameter parameter : model.description().decoder().parameters()) {
            assertThat(all(written, parameter)).as(parameter.name()).isEqualTo(all(expected, parameter));
        }
    }

    private static float[] all(WeightSource weights, Parameter parameter) {
        float[] values = new float[(int) parameter.size()];
        weights.read(parameter, 0, values.length, values, 0);
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "llama,LlamaForCausalLM",
        "qwen2,Qwen2ForCausalLM",
        "qwen3,Qwen3ForCausalLM",
        "gemma3_text,Gemma3ForCausalLM"
    })
    void aFolderIsReadAgainAsItWasSaidToBe(String type, String className) throws IOException {
        SmallModels.folder(source, type, className, Map.of());
        Files.writeString(source.resolve("README.md"), "The former model's card.");
        Files.writeString(source.resolve("pytorch_model.bin"), "former weights");
        try (Model model = ModelReader.open(source)) {
            ChangedWeights changed = changed(model, parameter -> parameter.role() != ParameterRole.VALUE);
            write(model, changed, "resonance-yarn");
            try (Model written = ModelReader.open(out)) {
                assertSame(model, model.rewritten(changed), written.weights());
                assertThat(written.description().rope().maximumLength()).isEqualTo(LENGTH);
            }
        }
        assertThat(out)
                .isDirectoryContaining("glob:**/tokenizer.json")
                .isDirectoryNotContaining("glob:**/README.md")
                .isDirectoryNotContaining("glob:**/*.bin");
    }

    @ParameterizedTest
    @CsvSource({"llama,resonance-yarn", "qwen2,yarn", "qwen2,resonance-yarn", "qwen3,yarn", "gemma3,yarn"})
    void aGgufFileIsReadAgainAsItWasSaidToBe(String architecture, String encoding) throws IOException {
        SmallModels.gguf(architecture).write(source);
        try (Model model = ModelReader.open(source)) {
            ChangedWeights changed = changed(model, parameter -> parameter.role() != ParameterRole.VALUE);
            write(model, changed, encoding);
            try (Model written = ModelReader.open(out)) {
                assertSame(model, model.rewritten(changed), written.weights());
            }
        }
    }

    @Test
    void matricesThatWereQuantisedBecomeHalvesAndVectorsStayWhole() throws IOException {
        SmallModels.gguf("llama").write(source);
        try (Model model = ModelReader.open(source)) {
            ChangedWeights changed = changed(model, parameter -> true);
            for (Parameter parameter : model.description().decoder().parameters()) {
                float[] asked = changed.all(parameter);
                float[] kept = all(model.rewritten(changed), parameter);
                boolean matrix = parameter.role().kind() == ParameterRole.Kind.MATRIX;
                for (int i = 0; i < asked.length; i++) {
                    double spacing = Math.max(0x1p-24, Math.scalb(1.0, Math.getExponent(asked[i]) - 10));
                    assertThat((double) kept[i]).isCloseTo(asked[i], within(matrix ? spacing / 2 : 0));
                    assertThat(matrix ? Math.rint(kept[i] / spacing) * spacing : kept[i])
                            .isEqualTo((double) kept[i]);
                }
            }
        }
    }

    @Test
    void aFolderWithoutWeightsHasNoneToChange() throws IOException {
        SmallModels.folder(source, "llama", "LlamaForCausalLM", Map.of());
        try (ModelPositions positions = ModelReader.positions(source.resolve("config.json"))) {
            ServedEncoding served = ServedEncoding.of(
                    positions.positions(), EncodingChoice.of("yarn", ScalingSettings.ofFactor(4)), LENGTH);
            Export export = Export.of(positions, served, "test");
            assertThatThrownBy(() -> export.files(ChangedWeights.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("model must be opened with its weights, was opened for its positions alone: "
                            + positions.path());
        }
    }
}
