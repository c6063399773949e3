package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.ModelPositions;
import resonance.model.reading.ModelReader;
import resonance.rope.LayerFrequencies;
import resonance.rope.LongRopeScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.ScalingSettings;

class HuggingFaceExportTest {
    private static final int LENGTH = 4 * SmallModels.TRAINED_LENGTH;
    private static final ExportOutput NEW = new ExportOutput(CarriedFiles.COPY, false);
    private static final ScalingSettings SETTINGS = ScalingSettings.ofFactor(4)
            .with(ProportionalScaling.ROTATED_SHARE, 0.5)
            .with(LongRopeScaling.SHORT_FACTORS, Collections.nCopies(8, 1.0))
            .with(LongRopeScaling.LONG_FACTORS, List.of(1.0, 1.1, 1.3, 1.7, 2.0, 2.5, 3.0, 4.5));
    private static final Map<String, Object> YARN = Map.of(
            "rope_type", "yarn", "factor", 2.0, "original_max_position_embeddings", SmallModels.TRAINED_LENGTH / 2);

    private final Path folder;
    private final Path source;
    private final Path out;

    HuggingFaceExportTest(@TempDir Path folder) {
        this.folder = folder;
        this.source = folder.resolve("model");
        this.out = folder.resolve("out");
    }

    static Stream<String> encodings() {
        return EncodingChoice.names().stream();
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void everyEncodingReadsBackToItsFrequencies(String name) throws IOException {
        llama(Map.of("rope_theta", 20_000.0));
        LayerFrequencies wanted = export(name);
        try (Model exported = ModelReader.open(out)) {
            assertThat(exported.description().rope().maximumLength()).isEqualTo(LENGTH);
            assertThat(exported.description().rope().shape().trainedLength()).isEqualTo(SmallModels.TRAINED_LENGTH);
            for (long length : new long[] {1, LENGTH, 100 * LENGTH}) {
                assertSame(exported.description().rope().frequencies(length), wanted.full());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void gemmasFullLayersGetTheEncodingAndTheOthersKeepTheirs(String name) throws IOException {
        SmallModels.folder(
                source,
                "gemma3_text",
                "Gemma3ForCausalLM",
                Map.of("rope_local_base_freq", 500.0, "sliding_window", 16, "sliding_window_pattern", 1));
        LayerFrequencies wanted = export(name);
        try (Model exported = ModelReader.open(out)) {
            for (long length : new long[] {1, LENGTH}) {
                assertSame(exported.description().rope().frequencies(length), wanted.full());
                assertSame(exported.description().slidingRope().frequencies(length), wanted.sliding());
            }
            assertThat(wanted.sliding().wavelength(1)).isCloseTo(2 * Math.PI * Math.pow(500, 1.0 / 8), within(1e-9));
        }
        JsonNode config = config();
        JsonNode nested = config.get("rope_parameters").get("full_attention");
        assertThat(nested.get("original_max_position_embeddings").asInt()).isEqualTo(LENGTH);
        assertThat(nested.get("factor").isDouble()).isTrue();
        assertThat(config.get("rope_scaling").get("long_factor")).isEqualTo(nested.get("long_factor"));
        assertThat(config.get("rope_theta")).isEqualTo(nested.get("rope_theta"));
    }

    @Test
    void theConfigurationChangesOnlyInItsPositionKeys() throws IOException {
        Map<String, Object> further = new LinkedHashMap<>();
        further.put("rope_scaling", YARN);
        further.put("rope_theta", 20_000);
        further.put("original_max_position_embeddings", 32);
        further.put("initializer_range", 0.02);
        further.put("torch_dtype", "bfloat16");
        further.put("bos_token_id", null);
        llama(further);
        export("resonance-yarn");
        JsonNode before =
                new ObjectMapper().readTree(source.resolve("config.json").toFile());
        JsonNode after = config();
        before.fieldNames().forEachRemaining(key -> {
            if (!List.of("rope_scaling", "rope_theta", "original_max_position_embeddings", "max_position_embeddings")
                    .contains(key)) {
                assertThat(after.get(key)).as(key).isEqualTo(before.get(key));
            }
        });
        assertThat(after.get("max_position_embeddings").asInt()).isEqualTo(LENGTH);
        assertThat(after.has("original_max_position_embeddings")).isFalse();
        assertThat(after.has("rope_parameters")).isFalse();
        JsonNode block = after.get("rope_scaling");
        assertThat(block.get("rope_type").asText()).isEqualTo("longrope");
        assertThat(block.get("short_factor"))
                .isEqualTo(block.get("long_factor"))
                .hasSize(8);
        assertThat(block.get("factor").isDouble()).isTrue();
        assertThat(block.get("attention_factor").isDouble()).isTrue();
        assertThat(block.get("short_mscale")).isEqualTo(block.get("attention_factor"));
        assertThat(block.get("long_mscale")).isEqualTo(block.get("attention_factor"));
        assertThat(block.get("attention_factor").asDouble()).isCloseTo(1 + 0.1 * Math.log(4), within(1e-12));
    }

    /** Without it transformers 4.57 fails on a longrope in a Mistral. */
    @Test
    void theHeadSizeIsWrittenWhereItWasLeftToOtherKeys() throws IOException {
        Map<String, Object> absent = new LinkedHashMap<>();
        absent.put("head_dim", null);
        llama(absent);
        export("linear");
        assertThat(config().get("head_dim").intValue()).isEqualTo(SmallModels.HEAD_SIZE);
    }

    @Test
    void aPartialFactorThatTransformersIgnoredDoesNotComeIntoForce() throws IOException {
        Map<String, Object> parameters = Map.of("rope_type", "default", "rope_theta", 20_000.0);
        llama(Map.of("rope_parameters", parameters, "partial_rotary_factor", 0.5, "transformers_version", "5.18.0"));
        LayerFrequencies wanted = export("linear");
        assertThat(config().has("partial_rotary_factor")).isFalse();
        try (Model exported = ModelReader.open(out)) {
            assertSame(exported.description().rope().frequencies(1), wanted.full());
        }
    }

    /** Positions stand in config.json; weights may be absent, or stored as no reader here knows. */
    @Test
    void aFolderNeedsNoWeightsThatCanBeRead() throws IOException {
        Files.createDirectories(source);
        Files.writeString(source.resolve("config.json"), """
                {"model_type": "phi3", "architectures": ["Phi3ForSequenceClassification"], "hidden_size": 3072,
                 "num_attention_heads": 24, "partial_rotary_factor": 0.75, "max_position_embeddings": 4096,
                 "quantization_config": {"quant_method": "fp8"}, "time_step_limit": [0.0, Infinity],
                 "transformers_version": "4.57.6"}
                """);
        Files.write(source.resolve("model.safetensors"), new byte[] {1, 2, 3});
        RopeFrequencies wanted = exportPositions(source, "resonance-yarn");
        assertThat(wanted.pairs()).isEqualTo(48);
        assertThat(out.resolve("model.safetensors")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(Files.readString(out.resolve("config.json")))
                .contains("[ 0.0, Infinity ]")
                .contains("\"quant_method\" : \"fp8\"");
        try (ModelPositions exported = ModelReader.positions(out)) {
            assertSame(exported.positions().rope().frequencies(1), wanted);
            assertThat(exported.positions().rope().headDimension()).isEqualTo(128);
            assertThat(exported.warnings()).isEmpty();
        }
    }

    @Test
    void aConfigurationByAnyNameBecomesAFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("found.txt"), """
                {"model_type": "qwen2_5_vl", "image_token_id": 7, "text_config": {"hidden_size": 512,
                 "num_attention_heads": 8, "rope_scaling": {"type": "mrope", "mrope_section": [8, 12, 12]}}}
                """);
        RopeFrequencies wanted = exportPositions(file, "linear");
        try (ModelPositions exported = ModelReader.positions(out)) {
            assertSame(exported.positions().rope().frequencies(1), wanted);
        }
        assertThat(config().get("image_token_id").asInt()).isEqualTo(7);
        JsonNode text = config().get("text_config");
        assertThat(text.get("rope_scaling").get("mrope_section").toString()).isEqualTo("[8,12,12]");
        assertThat(text.get("rope_scaling").get("rope_type").asText()).isEqualTo("longrope");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "llama       | transformers says that short_mscale and long_mscale are unrecognised: they are for vLLM, which"
                        + " reads the factor on cosine and sine from them. | vllm serve OUT",
                "phi3        | transformers 4.57 refuses this for model_type 'phi3', whose class wants other keys; version 5"
                        + " reads it. | vllm serve OUT --max-model-len 8192",
                "qwen2_vl    | vLLM 0.33 does not serve this: for model_type 'qwen2_vl_text' it reads no mrope_section beside"
                        + " it. | -",
                "deepseek_v3 | vLLM 0.33 does not serve this: for model_type 'deepseek_v3' it takes every scaling for YaRN."
                        + " | -",
                "cohere      | vLLM 0.33 does not serve this: for model_type 'cohere' it rotates neighbouring dimensions, and"
                        + " its longrope does not. | -"
            })
    void whatAnEngineDoesNotReadIsSaid(String type, String note, String serve) throws IOException {
        Path file = Files.writeString(
                folder.resolve("found.json"),
                "{\"model_type\": \"" + type + "\", \"max_position_embeddings\": 4096, \"head_dim\": 64}");
        try (ModelPositions model = ModelReader.positions(file)) {
            EncodingChoice choice = EncodingChoice.of("linear", ScalingSettings.ofFactor(2));
            Export export = Export.of(model, ServedEncoding.of(model.positions(), choice, 8192), "test");
            assertThat(export.notes()).contains(note);
            assertThat(export.serving().getOrDefault("vLLM", "-")).isEqualTo(serve);
            assertThat(export.serving()).containsKey("transformers");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LlamaForCausalLM, vllm serve OUT, AutoModelForCausalLM",
        "LlamaForSequenceClassification, -, LlamaForSequenceClassification",
        "Gemma3ForConditionalGeneration, vllm serve OUT, Gemma3ForConditionalGeneration",
        "Mistral3ForConditionalGeneration, vllm serve OUT, Mistral3ForConditionalGeneration",
        "Qwen2VLForConditionalGeneration, -, Qwen2VLForConditionalGeneration",
        "QwenVLForConditionalGeneration, -, QwenVLForConditionalGeneration",
        "UltravoxModel, -, UltravoxModel",
        "NobodysForCausalLM, -, AutoModelForCausalLM"
    })
    void aModelThatIsNoCausalLanguageModelIsLoadedWithItsOwnClass(String architecture, String vllm, String loader)
            throws IOException {
        Export export = exportOf("\"model_type\": \"llama\", \"architectures\": [\"" + architecture + "\"]");
        assertThat(export.serving().getOrDefault("vLLM", "-")).isEqualTo(vllm);
        assertThat(export.serving()).containsEntry("transformers", loader + ".from_pretrained(\"OUT\")");
    }

    @Test
    void theFactorOnAttentionLogitsThatStaysIsSaid() throws IOException {
        String note = "the factor on attention logits stays 1.87385, as it was with the model's own scaling: its class"
                + " computes (1 + 0.1 * mscale_all_dim * ln factor)^2 from mscale_all_dim 1 and factor 40, which are kept.";
        String scaling = "\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 40, \"mscale_all_dim\": %s,"
                + " \"original_max_position_embeddings\": 1024}";
        assertThat(exportOf("\"model_type\": \"deepseek_v3\", " + String.format(scaling, "1.0"))
                        .notes())
                .contains(note);
        assertThat(exportOf("\"model_type\": \"deepseek_v3\", " + String.format(scaling, "null"))
                        .notes())
                .noneMatch(line -> line.contains("logits"));
        assertThat(exportOf("\"model_type\": \"llama\", " + String.format(scaling, "1.0"))
                        .notes())
                .noneMatch(line -> line.contains("logits"));
    }

    private Export exportOf(String keys) throws IOException {
        Path file = Files.writeString(
                folder.resolve("found.json"), "{" + keys + ", \"max_position_embeddings\": 4096, \"head_dim\": 64}");
        try (ModelPositions model = ModelReader.positions(file)) {
            EncodingChoice choice = EncodingChoice.of("linear", ScalingSettings.ofFactor(2));
            return Export.of(model, ServedEncoding.of(model.positions(), choice, 8192), "test");
        }
    }

    private RopeFrequencies exportPositions(Path path, String encoding) throws IOException {
        try (ModelPositions model = ModelReader.positions(path)) {
            EncodingChoice choice = EncodingChoice.of(encoding, ScalingSettings.ofFactor(2));
            int length = 2 * model.positions().rope().shape().trainedLength();
            ServedEncoding served = ServedEncoding.of(model.positions(), choice, length);
            Export.of(model, served, "test").write(out, NEW, (done, all) -> {}, () -> false);
            return served.full();
        }
    }

    @ParameterizedTest
    @EnumSource(CarriedFiles.class)
    void otherFilesAreCarriedOverUntouched(CarriedFiles files) throws IOException {
        llama(Map.of());
        Files.writeString(source.resolve("README.md"), "card");
        Files.writeString(source.resolve(".hidden"), "cache");
        Files.createDirectories(source.resolve("original"));
        export("linear", new ExportOutput(files, false));
        for (String name : List.of("model.safetensors", "tokenizer.json", "README.md")) {
            assertThat(out.resolve(name)).hasSameBinaryContentAs(source.resolve(name));
            assertThat(Files.isSymbolicLink(out.resolve(name))).isEqualTo(files == CarriedFiles.SYMBOLIC_LINK);
            assertThat(fileKey(out.resolve(name)).equals(fileKey(source.resolve(name))))
                    .isEqualTo(files == CarriedFiles.HARD_LINK);
        }
        try (Stream<Path> entries = Files.list(out)) {
            assertThat(entries.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json",
                            "model.safetensors",
                            "tokenizer.json",
                            "README.md",
                            "resonance.json",
                            ".resonance-files.json");
        }
        assertThat(config().get("rope_scaling").get("rope_type").asText()).isEqualTo("longrope");
    }

    @Test
    void linksInTheModelsFolderAreFollowed() throws IOException {
        llama(Map.of());
        Path blob = folder.resolve("blob");
        Files.move(source.resolve("tokenizer.json"), blob);
        Files.createSymbolicLink(source.resolve("tokenizer.json"), blob);
        export("linear", new ExportOutput(CarriedFiles.COPY, false));
        assertThat(Files.isSymbolicLink(out.resolve("tokenizer.json"))).isFalse();
        assertThat(out.resolve("tokenizer.json")).hasSameBinaryContentAs(blob);
    }

    @Test
    void onlyAnExportIsReplacedAndOnlyWhenAsked() throws IOException {
        llama(Map.of());
        ExportOutput replacing = new ExportOutput(CarriedFiles.SYMBOLIC_LINK, true);
        Files.createDirectories(out);
        Files.writeString(out.resolve("thesis.txt"), "mine");
        assertThatThrownBy(() -> export("linear"))
                .hasMessage("OUT must not exist yet, was " + out + "; replace it by --force or name another place");
        assertThatThrownBy(() -> export("linear", replacing))
                .hasMessage("OUT must be an earlier export as it was written to be replaced, was " + out
                        + ": thesis.txt must be a file that export wrote, is none; name another place, or remove it"
                        + " yourself");
        assertThat(out.resolve("thesis.txt")).hasContent("mine");
        Files.delete(out.resolve("thesis.txt"));
        Files.delete(out);
        export("linear");
        export("ntk", replacing);
        export("yarn", replacing);
        Files.writeString(out.resolve("thesis.txt"), "mine");
        assertThatThrownBy(() -> export("linear", replacing)).hasMessageContaining(": thesis.txt must be ");
        Files.delete(out.resolve("thesis.txt"));
        String config = Files.readString(out.resolve("config.json"));
        Files.writeString(out.resolve("config.json"), config + " ");
        assertThatThrownBy(() -> export("linear", replacing))
                .hasMessageContaining(": config.json must be as export wrote it, was changed since; ");
        Files.writeString(out.resolve("config.json"), config);
        assertThat(out.resolve("resonance.json")).content().contains("\"yarn\"");
        assertThat(source.resolve("model.safetensors")).exists();
        assertOnlyModelAnd("out");
    }

    @Test
    void aStopLeavesNothingBehind() throws IOException {
        llama(Map.of());
        try (Model model = ModelReader.open(source)) {
            Export export = Export.of(model, served(model, "linear"), "test");
            assertThatThrownBy(() -> export.write(out, NEW, (done, all) -> {}, () -> true))
                    .isInstanceOf(CancellationException.class);
        }
        assertOnlyModelAnd();
    }

    @Test
    void aFileThatCannotBeReadLeavesNothingBehind() throws IOException {
        llama(Map.of());
        Path link = Files.createSymbolicLink(source.resolve("vocab.json"), folder.resolve("vocab"));
        Files.writeString(folder.resolve("vocab"), "{}");
        try (Model model = ModelReader.open(source)) {
            Export export = Export.of(model, served(model, "linear"), "test");
            assertThatThrownBy(() -> export.write(out, NEW, (done, all) -> deleteOnce(link), () -> false))
                    .isInstanceOf(IOException.class);
        }
        Files.delete(folder.resolve("vocab"));
        assertOnlyModelAnd();
    }

    private static void deleteOnce(Path link) {
        try {
            Files.deleteIfExists(link);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void llama(Map<String, Object> further) throws IOException {
        SmallModels.folder(source, "llama", "LlamaForCausalLM", further);
    }

    private LayerFrequencies export(String encoding) throws IOException {
        return export(encoding, NEW);
    }

    private LayerFrequencies export(String encoding, ExportOutput output) throws IOException {
        try (Model model = ModelReader.open(source)) {
            ServedEncoding served = served(model, encoding);
            Export.of(model, served, "test").write(out, output, (done, all) -> {}, () -> false);
            return served.frequencies();
        }
    }

    private static ServedEncoding served(Model model, String encoding) {
        return ServedEncoding.of(model.positions(), EncodingChoice.of(encoding, SETTINGS), LENGTH);
    }

    private JsonNode config() throws IOException {
        return new ObjectMapper().readTree(out.resolve("config.json").toFile());
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private void assertOnlyModelAnd(String... others) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(Stream.of("model"), Stream.of(others)).toList());
        }
    }

    private static void assertSame(RopeFrequencies given, RopeFrequencies wanted) {
        for (int pair = 0; pair < wanted.pairs(); pair++) {
            double radians = wanted.radiansPerToken(pair);
            assertThat(given.radiansPerToken(pair)).isCloseTo(radians, within(1e-15 * radians + 1e-29));
        }
        assertThat(given.attentionScale()).isEqualTo(wanted.attentionScale());
    }
}
