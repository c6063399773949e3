package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.decoder.Parameter;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.gguf.GgufFile;
import resonance.model.gguf.GgufModel;
import resonance.model.gguf.GgufTensor;
import resonance.model.gguf.GgufWriter;
import resonance.model.reading.ModelReader;
import resonance.rope.AdjustedBaseScaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;

class GgufExportTest {
    private static final int LENGTH = 4 * SmallModels.TRAINED_LENGTH;
    private static final ExportOutput NEW = new ExportOutput(CarriedFiles.COPY, false);

    /** Divisors and magnitudes are stored as float32. */
    private static final double FLOAT32 = 1.3e-7;

    /** Settings that every scaling can run with. */
    private static final ScalingSettings SETTINGS = ScalingSettings.ofFactor(4)
            .with(ProportionalScaling.ROTATED_SHARE, 0.5)
            .with(AdjustedBaseScaling.NEW_BASE, 50_000.0)
            .with(LongRopeScaling.SHORT_FACTORS, Collections.nCopies(8, 1.0))
            .with(LongRopeScaling.LONG_FACTORS, List.of(1.0, 1.1, 1.3, 1.7, 2.0, 2.5, 3.0, 4.5));

    private final Path folder;
    private final Path source;
    private final Path out;

    GgufExportTest(@TempDir Path folder) {
        this.folder = folder;
        this.source = folder.resolve("model.gguf");
        this.out = folder.resolve("out.gguf");
    }

    static Stream<String> encodings() {
        return EncodingChoice.names().stream();
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void everyEncodingReadsBackToItsFrequencies(String name) throws IOException {
        RopeFrequencies wanted = export(SmallModels.gguf("llama"), name);
        try (GgufModel exported = GgufModel.open(out)) {
            assertThat(exported.warnings()).isEmpty();
            assertThat(exported.description().rope().maximumLength()).isEqualTo(LENGTH);
            assertThat(exported.description().rope().shape().trainedLength()).isEqualTo(SmallModels.TRAINED_LENGTH);
            for (long length : new long[] {1, LENGTH, 100 * LENGTH}) {
                assertSame(exported.description().rope().frequencies(length), wanted);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void qwen2ReadsBackToTheSameFrequenciesWhateverItsForm(String name) throws IOException {
        RopeFrequencies wanted = export(SmallModels.gguf("qwen2"), name);
        try (GgufModel exported = GgufModel.open(out)) {
            assertThat(exported.warnings()).isEmpty();
            RopeFrequencies given = exported.description().rope().frequencies(LENGTH);
            for (int pair = 0; pair < wanted.pairs(); pair++) {
                assertThat(given.radiansPerToken(pair))
                        .isCloseTo(wanted.radiansPerToken(pair), within(1e-6 * wanted.radiansPerToken(pair) + 1e-29));
            }
        }
    }

    @Test
    void keysAndTensorsStayButForThoseOfTheEncoding() throws IOException {
        GgufWriter writer = SmallModels.gguf("llama")
                .putString("llama.rope.scaling.type", "yarn")
                .putFloat32("llama.rope.scaling.factor", 2)
                .putUint32("llama.rope.scaling.original_context_length", 32)
                .putFloat32("llama.rope.scaling.yarn_beta_fast", 2)
                .putString("general.name", "small");
        export(writer, "resonance-yarn");
        try (GgufFile before = GgufFile.open(source);
                GgufFile after = GgufFile.open(out)) {
            List<String> keys = new ArrayList<>(before.metadata().keys());
            keys.removeIf(key -> key.startsWith("llama.rope.scaling."));
            keys.addAll(List.of(
                    "llama.rope.scaling.type",
                    "llama.rope.scaling.original_context_length",
                    "llama.rope.scaling.attn_factor",
                    "resonance.encoding",
                    "resonance.factor",
                    "resonance.version"));
            assertThat(after.metadata().keys()).containsExactlyElementsOf(keys);
            assertThat(after.metadata().requireString("llama.rope.scaling.type"))
                    .isEqualTo("none");
            assertThat(after.metadata().requireInt("llama.rope.scaling.original_context_length"))
                    .isEqualTo(32);
            assertThat(after.metadata().requireNumber("llama.rope.freq_base")).isEqualTo(20_000);
            List<String> tensors = new ArrayList<>(before.tensors().keySet());
            tensors.add("rope_freqs.weight");
            assertThat(after.tensors().keySet()).containsExactlyElementsOf(tensors);
        }
        assertTensorsAreStored(before -> true);
        assertOffsetsAreTheRunningPaddedSum();
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 4096})
    void tensorsKeepTheAlignmentOfTheFile(int alignment) throws IOException {
        export(SmallModels.gguf("llama").alignment(alignment), "resonance-linear");
        try (GgufFile after = GgufFile.open(out)) {
            assertThat(after.alignment()).isEqualTo(alignment);
            assertThat(after.tensors().values())
                    .allSatisfy(
                            tensor -> assertThat(tensor.position() % alignment).isZero());
        }
        assertOffsetsAreTheRunningPaddedSum();
    }

    @Test
    void divisorsThatAreThereAreReplacedInTheirPlaceByTheWholeOnes() throws IOException {
        GgufWriter writer = new GgufWriter().putString("general.architecture", "llama");
        writer.addFloats("rope_freqs.weight", List.of(8L), new float[] {1, 1, 1, 2, 4, 8, 8, 8});
        copyInto(writer, "llama");
        RopeFrequencies wanted = export(writer, "resonance-model");
        try (GgufModel exported = GgufModel.open(out)) {
            assertThat(exported.file().tensors().keySet()).first().isEqualTo("rope_freqs.weight");
            assertThat(wanted.wavelength(7)).isCloseTo(8 * 2 * Math.PI * Math.pow(20_000, 7.0 / 8), within(0.5));
            assertSame(exported.description().rope().frequencies(1), wanted);
        }
    }

    @Test
    void longropesTwoSetsOfDivisorsBecomeOne() throws IOException {
        GgufWriter writer = SmallModels.gguf("llama")
                .putString("llama.rope.scaling.type", "longrope")
                .addFloats("rope_factors_short.weight", List.of(8L), new float[] {1, 1, 1, 1, 1, 1, 1, 1})
                .addFloats("rope_factors_long.weight", List.of(8L), new float[] {1, 1, 1, 2, 3, 4, 5, 6});
        RopeFrequencies wanted = export(writer, "model");
        try (GgufModel exported = GgufModel.open(out)) {
            assertThat(exported.file().tensors().keySet())
                    .contains("rope_freqs.weight")
                    .doesNotContain("rope_factors_short.weight", "rope_factors_long.weight");
            assertSame(exported.description().rope().frequencies(1), wanted);
        }
    }

    @Test
    void anExportCanBeExportedAgain() throws IOException {
        export(SmallModels.gguf("llama"), "resonance-yarn");
        Files.move(out, source, StandardCopyOption.REPLACE_EXISTING);
        RopeFrequencies wanted;
        try (Model again = ModelReader.open(source)) {
            wanted = write(again, "linear", NEW);
        }
        try (GgufModel exported = GgufModel.open(out)) {
            assertThat(exported.file().metadata().requireString("resonance.encoding"))
                    .isEqualTo("linear");
            assertSame(exported.description().rope().frequencies(1), wanted);
        }
    }

    @Test
    void qwen2BecomesLlamaWithTheSameWeights() throws IOException {
        export(SmallModels.gguf("qwen2"), "resonance-yarn");
        try (GgufModel before = GgufModel.open(source);
                GgufModel after = GgufModel.open(out)) {
            assertThat(after.file().metadata().requireString("general.architecture"))
                    .isEqualTo("llama");
            assertThat(after.file().metadata().requireInt("llama.rope.dimension_count"))
                    .isEqualTo(SmallModels.HEAD_SIZE);
            assertThat(after.file().metadata().keys()).noneMatch(key -> key.startsWith("qwen2."));
            List<Parameter> parameters = before.description().decoder().parameters();
            assertThat(after.description().decoder().parameters()).isEqualTo(parameters);
            for (Parameter parameter : parameters) {
                assertThat(values(after, parameter)).as(parameter.name()).isEqualTo(values(before, parameter));
            }
        }
        assertTensorsAreStored(tensor -> !tensor.name().matches(".*attn_[qk]\\..*"));
    }

    @ParameterizedTest
    @CsvSource({
        "qwen2,  none,         none",
        "qwen2,  linear,       linear",
        "qwen2,  ntk,          none",
        "qwen3,  yarn,         yarn",
        "qwen3,  linear,       linear",
        "qwen3,  abf,          none",
        "qwen3,  dynamic-ntk,  none",
        "gemma3, yarn,         yarn",
        "gemma3, linear,       linear",
        "gemma3, ntk,          none"
    })
    void whatTheEngineHasKeysForIsWrittenInThem(String architecture, String name, String type) throws IOException {
        RopeFrequencies wanted = export(SmallModels.gguf(architecture), name);
        try (GgufModel exported = GgufModel.open(out)) {
            assertThat(exported.file().metadata().requireString("general.architecture"))
                    .isEqualTo(architecture);
            assertThat(exported.file().metadata().requireString(architecture + ".rope.scaling.type"))
                    .isEqualTo(type);
            assertThat(exported.file().tensors()).doesNotContainKey("rope_freqs.weight");
            RopeFrequencies given = exported.description().rope().frequencies(LENGTH);
            for (int pair = 0; pair < wanted.pairs(); pair++) {
                assertThat(given.radiansPerToken(pair))
                        .isCloseTo(wanted.radiansPerToken(pair), within(1e-6 * wanted.radiansPerToken(pair)));
            }
            assertThat(given.attentionScale()).isCloseTo(wanted.attentionScale(), within(1e-6));
        }
        assertTensorsAreStored(tensor -> true);
    }

    @Test
    void theLocalLayersOfGemma3StayAsTheyAre() throws IOException {
        export(SmallModels.gguf("gemma3").putFloat32("gemma3.rope.freq_base_swa", 5_000), "yarn");
        try (GgufModel before = GgufModel.open(source);
                GgufModel after = GgufModel.open(out)) {
            assertThat(after.description().slidingRope().frequencies(1))
                    .isEqualTo(before.description().slidingRope().frequencies(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "gemma3"})
    void whatLlamaCppCannotExpressIsRefusedWithWhatCanBeDone(String architecture) {
        assertThatThrownBy(() -> export(SmallModels.gguf(architecture), "resonance-yarn"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(architecture + " must have an encoding that a base, a factor and YaRN with its usual bounds"
                        + " can say, since llama.cpp reads no divisors for it, was resonance-yarn; export with --scaling"
                        + " yarn, linear or ntk and without --resonance, which " + architecture + " has keys for, or"
                        + " export the Hugging Face folder for transformers and vLLM");
        assertThat(out).doesNotExist();
    }

    @Test
    void aMagnitudeThatWouldReachGemmasLocalLayersIsRefused() throws IOException {
        SmallModels.gguf("gemma3").write(source);
        try (Model model = ModelReader.open(source)) {
            EncodingChoice choice = EncodingChoice.of("yarn", SETTINGS.with(YarnScaling.ATTENTION_FACTOR, 1.5));
            assertThatThrownBy(() -> Export.of(model, ServedEncoding.of(model.positions(), choice, LENGTH), "test"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("gemma3 must keep the factor 1.0 on cosine and sine, since llama.cpp's"
                            + " attn_factor reaches the layers with a window too, yarn needs 1.317");
        }
    }

    @Test
    void anExistingFileStaysUnlessItMayBeReplaced() throws IOException {
        SmallModels.gguf("llama").write(source);
        Files.writeString(out, "mine");
        try (Model model = ModelReader.open(source)) {
            assertThatThrownBy(() -> write(model, "linear", NEW))
                    .hasMessage("OUT must not exist yet, was " + out + "; replace it by --force or name another place");
            ExportOutput replacing = new ExportOutput(CarriedFiles.COPY, true);
            assertThatThrownBy(() -> write(model, "linear", replacing))
                    .hasMessage("OUT must be an earlier export as it was written to be replaced, was " + out
                            + ": out.gguf was not written by export, or was changed since; name another place, or remove"
                            + " it yourself");
            assertThat(out).hasContent("mine");
            Files.delete(out);
            write(model, "yarn", NEW);
            write(model, "linear", replacing);
        }
        try (Model exported = ModelReader.open(out)) {
            assertThat(exported.description().rope().maximumLength()).isEqualTo(LENGTH);
        }
    }

    @Test
    void theModelItselfIsNeverReplaced() throws IOException {
        SmallModels.gguf("llama").write(source);
        byte[] before = Files.readAllBytes(source);
        try (Model model = ModelReader.open(source)) {
            for (Path place : List.of(source, folder)) {
                assertThatThrownBy(() -> Export.of(model, served(model, "linear"), "test")
                                .write(
                                        place,
                                        new ExportOutput(CarriedFiles.COPY, true),
                                        (done, all) -> {},
                                        () -> false))
                        .hasMessage("OUT must be another place than MODEL, was " + place
                                + "; an export never changes its model");
            }
        }
        assertThat(source).hasBinaryContent(before);
    }

    @Test
    void aFolderIsNeverReplacedByAFile() throws IOException {
        SmallModels.gguf("llama").write(source);
        Files.createDirectories(out);
        try (Model model = ModelReader.open(source)) {
            assertThatThrownBy(() -> write(model, "linear", new ExportOutput(CarriedFiles.COPY, true)))
                    .hasMessage("OUT must be an earlier export as it was written to be replaced, was " + out
                            + ": it is a folder; name another place, or remove it yourself");
        }
    }

    @Test
    void aStopLeavesNothingBehind() throws IOException {
        SmallModels.gguf("llama").write(source);
        try (Model model = ModelReader.open(source)) {
            Export export = Export.of(model, served(model, "linear"), "test");
            assertThatThrownBy(() -> export.write(out, NEW, (done, all) -> {}, () -> true))
                    .isInstanceOf(CancellationException.class);
        }
        assertThat(folder).isDirectoryNotContaining("glob:**/out*");
    }

    @Test
    void progressEndsWithAllBytes() throws IOException {
        SmallModels.gguf("llama").write(source);
        List<Long> seen = new ArrayList<>();
        try (Model model = ModelReader.open(source)) {
            Export.of(model, served(model, "linear"), "test")
                    .write(out, NEW, (done, all) -> seen.addAll(List.of(done, all)), () -> false);
        }
        assertThat(seen).isNotEmpty();
        assertThat(seen.get(seen.size() - 2)).isEqualTo(seen.get(seen.size() - 1));
    }

    @Test
    void anEncodingThatDependsOnTheLengthSaysWhichItWasComputedFor() throws IOException {
        SmallModels.gguf("llama").write(source);
        try (Model model = ModelReader.open(source)) {
            assertThat(Export.of(model, served(model, "dynamic-ntk"), "test").notes())
                    .contains(
                            "dynamic-ntk depends on the length of the text; its frequencies for 256 tokens are written"
                                    + " and serve texts of every length.");
            assertThat(Export.of(model, served(model, "ntk"), "test").notes())
                    .noneMatch(note -> note.contains("depends on the length"));
        }
    }

    private RopeFrequencies export(GgufWriter model, String encoding) throws IOException {
        model.write(source);
        try (Model opened = ModelReader.open(source)) {
            return write(opened, encoding, NEW);
        }
    }

    private RopeFrequencies write(Model model, String encoding, ExportOutput output) throws IOException {
        ServedEncoding served = served(model, encoding);
        Export.of(model, served, "test").write(out, output, (done, all) -> {}, () -> false);
        return served.frequencies().full();
    }

    private static ServedEncoding served(Model model, String encoding) {
        return ServedEncoding.of(model.positions(), EncodingChoice.of(encoding, SETTINGS), LENGTH);
    }

    /** All of a small model but its architecture, whose key is there already. */
    private void copyInto(GgufWriter writer, String architecture) throws IOException {
        Path plain = folder.resolve("plain.gguf");
        SmallModels.gguf(architecture).write(plain);
        GgufFile file = GgufFile.open(plain);
        file.metadata().keys().forEach(key -> writer.copyKey(file, key));
        file.tensors().values().forEach(tensor -> writer.copyTensor(file, tensor));
    }

    private static void assertSame(RopeFrequencies given, RopeFrequencies wanted) {
        assertThat(given.pairs()).isEqualTo(wanted.pairs());
        for (int pair = 0; pair < wanted.pairs(); pair++) {
            double radians = wanted.radiansPerToken(pair);
            assertThat(given.radiansPerToken(pair)).isCloseTo(radians, within(FLOAT32 * radians + 1e-29));
        }
        assertThat(given.attentionScale())
                .isCloseTo(wanted.attentionScale(), within(FLOAT32 * wanted.attentionScale()));
    }

    private static float[] values(Model model, Parameter parameter) {
        float[] values = new float[Math.toIntExact(parameter.size())];
        model.weights().read(parameter, 0, values.length, values, 0);
        return values;
    }

    private void assertTensorsAreStored(Predicate<GgufTensor> which) throws IOException {
        byte[] sourceBytes = Files.readAllBytes(source);
        byte[] outBytes = Files.readAllBytes(out);
        try (GgufFile before = GgufFile.open(source);
                GgufFile after = GgufFile.open(out)) {
            List<GgufTensor> tensors =
                    before.tensors().values().stream().filter(which).toList();
            assertThat(tensors).hasSizeGreaterThan(5);
            for (GgufTensor tensor : tensors) {
                GgufTensor copy = after.tensor(tensor.name()).orElseThrow();
                assertThat(bytes(outBytes, copy)).as(tensor.name()).isEqualTo(bytes(sourceBytes, tensor));
                assertThat(copy.type()).isEqualTo(tensor.type());
                assertThat(copy.sizes()).isEqualTo(tensor.sizes());
            }
        }
    }

    private static byte[] bytes(byte[] file, GgufTensor tensor) {
        return Arrays.copyOfRange(file, (int) tensor.position(), (int) (tensor.position() + tensor.bytes()));
    }

    /** llama.cpp refuses a file in which a tensor begins anywhere else. */
    private void assertOffsetsAreTheRunningPaddedSum() {
        try (GgufFile file = GgufFile.open(out)) {
            long expected = -1;
            for (GgufTensor tensor : file.tensors().values()) {
                assertThat(tensor.position()).isEqualTo(expected < 0 ? tensor.position() : expected);
                long end = tensor.position() + tensor.bytes();
                expected = (end + file.alignment() - 1) / file.alignment() * file.alignment();
            }
        }
    }
}
