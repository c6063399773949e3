package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.Parameter;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.reading.ModelReader;
import resonance.rope.AdjustedBaseScaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.ScalingSettings;

/** Every scaling in every architecture and format: what is exported is read again as it was, or was refused before. */
class ExportLawsTest {
    private static final int LENGTH = 4 * SmallModels.TRAINED_LENGTH;
    private static final ExportOutput NEW = new ExportOutput(CarriedFiles.COPY, false);

    private static final ScalingSettings SETTINGS = ScalingSettings.ofFactor(4)
            .with(ProportionalScaling.ROTATED_SHARE, 0.5)
            .with(LongRopeScaling.SHORT_FACTORS, Collections.nCopies(8, 1.0))
            .with(LongRopeScaling.LONG_FACTORS, List.of(1.0, 1.1, 1.3, 1.7, 2.0, 2.5, 3.0, 4.5));

    private static final Map<String, String> CLASSES = Map.of(
            "llama", "LlamaForCausalLM",
            "mistral", "MistralForCausalLM",
            "qwen2", "Qwen2ForCausalLM",
            "qwen3", "Qwen3ForCausalLM",
            "gemma3_text", "Gemma3ForCausalLM");

    private final Path folder;
    private final Path out;

    ExportLawsTest(@TempDir Path folder) {
        this.folder = folder;
        this.out = folder.resolve("out");
    }

    static Stream<Arguments> folders() {
        return crossed(CLASSES.keySet().stream().sorted().toList());
    }

    static Stream<Arguments> files() {
        return crossed(List.of("llama", "qwen2", "qwen3", "gemma3"));
    }

    private static Stream<Arguments> crossed(List<String> architectures) {
        return architectures.stream()
                .flatMap(architecture -> EncodingChoice.names().stream().map(name -> Arguments.of(architecture, name)));
    }

    @ParameterizedTest
    @MethodSource("folders")
    void everyFolderReadsBackToItsFrequenciesAndItsWeights(String type, String encoding) throws IOException {
        Path source = folder.resolve("model");
        Map<String, Object> further = type.equals("gemma3_text")
                ? Map.of("rope_local_base_freq", 500.0, "sliding_window", 16, "sliding_window_pattern", 1)
                : Map.of("rope_theta", 20_000.0);
        SmallModels.folder(source, type, CLASSES.getOrDefault(type, ""), further);
        try (Model model = ModelReader.open(source)) {
            ServedEncoding served = served(model, encoding);
            Export.of(model, served, "test").write(out, NEW, (bytes, total) -> {}, () -> false);
            assertReadBack(model, served);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyFileReadsBackToItsFrequenciesAndItsWeightsOrIsRefusedBeforeItIsWritten(
            String architecture, String encoding) throws IOException {
        Path source = folder.resolve("model.gguf");
        SmallModels.gguf(architecture).write(source);
        try (Model model = ModelReader.open(source)) {
            ServedEncoding served = served(model, encoding);
            boolean sayable = List.of("llama", "qwen2").contains(architecture)
                    || EngineScalars.of(served.full(), served.own()).isPresent();
            boolean local = !architecture.equals("gemma3")
                    || served.full().attentionScale() == 1
                    || EngineScalars.of(served.full(), served.own())
                            .filter(scalars -> scalars.magnitude() == 1)
                            .isPresent();
            if (sayable && local) {
                Export.of(model, served, "test").write(out, NEW, (bytes, total) -> {}, () -> false);
                assertReadBack(model, served);
            } else {
                assertThatThrownBy(() -> Export.of(model, served, "test"))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith(architecture + " must ")
                        .hasMessageContaining("; export with --scaling yarn, linear or ntk and without --resonance");
                assertThat(Files.exists(out)).isFalse();
            }
        }
    }

    private static ServedEncoding served(Model model, String encoding) {
        return ServedEncoding.of(
                model.positions(),
                EncodingChoice.of(encoding, SETTINGS.with(AdjustedBaseScaling.NEW_BASE, 50_000.0)),
                LENGTH);
    }

    private void assertReadBack(Model model, ServedEncoding served) {
        try (Model again = ModelReader.open(out)) {
            assertSame(again.description().rope().frequencies(LENGTH), served.full());
            assertSame(
                    again.description().slidingRope().frequencies(LENGTH),
                    served.frequencies().sliding());
            assertThat(again.description().decoder().windows())
                    .isEqualTo(model.description().decoder().windows());
            List<Parameter> parameters = model.description().decoder().parameters();
            assertThat(again.description().decoder().parameters()).containsAll(parameters);
            for (Parameter parameter : parameters) {
                int size = Math.toIntExact(parameter.size());
                float[] before = new float[size];
                float[] after = new float[size];
                model.weights().read(parameter, 0, size, before, 0);
                again.weights().read(parameter, 0, size, after, 0);
                assertThat(after).as(parameter.name()).isEqualTo(before);
            }
        }
    }

    private static void assertSame(RopeFrequencies given, RopeFrequencies wanted) {
        assertThat(given.attentionScale()).isCloseTo(wanted.attentionScale(), within(1e-6 * wanted.attentionScale()));
        for (int pair = 0; pair < wanted.pairs(); pair++) {
            assertThat(given.radiansPerToken(pair))
                    .as("pair %d", pair)
                    .isCloseTo(wanted.radiansPerToken(pair), within(1e-6 * wanted.radiansPerToken(pair) + 1e-29));
        }
    }
}
