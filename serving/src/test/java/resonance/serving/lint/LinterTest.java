package resonance.serving.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.model.ModelFormatException;
import resonance.model.gguf.GgufWriter;
import resonance.rope.Resonance;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;
import resonance.rope.huggingface.ModelRopeWriter;

class LinterTest {
    private static final String LAYERS_NULL =
            "num_hidden_layers must be a whole number, was null; the engine fails on it or"
                    + " takes it for something else";

    private static final RopeShape SHAPE = RopeShape.of(8, 10_000, 32);

    @Test
    void aPortableBlockIsCleanForAllThatServeTheFolder(@TempDir Path folder) throws IOException {
        Map<String, Object> config =
                new LinkedHashMap<>(Map.of("model_type", "llama", "hidden_size", 32, "num_attention_heads", 4));
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.putAll(ModelRopeWriter.portable(new Resonance(new YarnScaling(4)).frequencies(SHAPE), SHAPE, 8, 128));
        TestConfig.of(config).writeTo(folder);
        EnumSet<Engine> serving = EnumSet.of(Engine.TRANSFORMERS_4, Engine.TRANSFORMERS_5, Engine.VLLM);
        LintReport report = Linter.lint(folder, serving);
        assertThat(report.findings())
                .extracting(Finding::severity, Finding::rule)
                .containsOnly(tuple(Severity.NOTE, LintRule.RESONANT_DIVISORS));
        assertThat(report.findings()).hasSize(3);
        assertThat(report.mustBeMended()).isFalse();
        assertThat(report.checked()).containsExactlyElementsOf(serving);
        assertThat(Linter.lint(folder).findings())
                .extracting(finding ->
                        finding.engine().label() + " " + finding.rule().label())
                .containsExactly(
                        "convert_hf_to_gguf-0.5 conversion-drops-scaling",
                        "transformers-4.57 resonant-divisors",
                        "transformers-5.18 resonant-divisors",
                        "vllm-0.33 resonant-divisors");
    }

    @Test
    void aPortableLayerOfGemma3IsCleanForVersion5AndVllm(@TempDir Path folder) throws IOException {
        Map<String, Object> config = new LinkedHashMap<>(
                Map.of("model_type", "gemma3_text", "head_dim", 8, "hidden_size", 32, "num_attention_heads", 4));
        config.put("max_position_embeddings", 128);
        config.put(
                "rope_parameters",
                Map.of(
                        "full_attention",
                        ModelRopeWriter.portableLayer(new YarnScaling(4).frequencies(SHAPE), SHAPE, 8, 128),
                        "sliding_attention",
                        Map.of("rope_type", "default", "rope_theta", 10_000.0)));
        TestConfig.of(config).writeTo(folder);
        assertThat(Linter.lint(folder, EnumSet.of(Engine.TRANSFORMERS_5, Engine.VLLM))
                        .findings())
                .isEmpty();
        assertThat(Linter.lint(folder, EnumSet.of(Engine.TRANSFORMERS_4)).findings())
                .extracting(finding -> finding.rule())
                .containsExactly(LintRule.ROPE_PARAMETERS_UNREAD);
    }

    @Test
    void aNumberOfLayersThatIsNullIsNamed(@TempDir Path folder) throws IOException {
        Map<String, Object> config = TestConfig.values("");
        config.put("num_hidden_layers", null);
        TestConfig.of(config).writeTo(folder);
        assertThat(Linter.lint(folder).findings())
                .extracting(Finding::engine, Finding::rule, Finding::message)
                .containsExactly(
                        tuple(Engine.TRANSFORMERS_4, LintRule.WRONG_TYPE, LAYERS_NULL),
                        tuple(Engine.TRANSFORMERS_5, LintRule.WRONG_TYPE, LAYERS_NULL),
                        tuple(Engine.VLLM, LintRule.WRONG_TYPE, LAYERS_NULL));
    }

    @Test
    void aGgufWithItsDivisorsInRopeFreqsIsClean(@TempDir Path folder) throws IOException {
        GgufCases.file(
                        "llama",
                        writer -> writer.putString("llama.rope.scaling.type", "none")
                                .addFloats("rope_freqs.weight", List.of(4L), new float[] {1, 2, 3, 4}))
                .writeTo(folder);
        LintReport report = Linter.lint(folder);
        assertThat(report.findings()).isEmpty();
        assertThat(report.format()).isEqualTo(ModelFormat.GGUF);
        assertThat(report.engines()).containsExactly(Engine.VLLM, Engine.LLAMA_CPP);
        assertThat(report.checked()).containsExactly(Engine.LLAMA_CPP);
    }

    @Test
    void vllmHasGgufFilesReadByAPluginThatIsNotChecked(@TempDir Path folder) throws IOException {
        Path file = GgufCases.file("llama", writer -> writer).writeTo(folder);
        assertThat(Linter.lint(file).notChecked())
                .containsExactly(new NotChecked(
                        Engine.VLLM, "GGUF files are read by a plugin of vLLM 0.33.0, which was not looked at"));
    }

    @Test
    void javaEnginesAreAskedIfTheyAreNamed(@TempDir Path folder) throws IOException {
        Path file = GgufCases.file("gemma3", writer -> writer).writeTo(folder);
        assertThat(Linter.lint(file).engines()).doesNotContain(Engine.GPULLAMA3);
        assertThat(Linter.lint(file, EnumSet.of(Engine.GPULLAMA3)).notChecked())
                .containsExactly(new NotChecked(
                        Engine.GPULLAMA3,
                        "architecture 'gemma3' is not covered by the rules for GPULlama3.java 1.0.0 (commit 5ae026d)"));
        TestConfig.of(Map.of("model_type", "phi3")).writeTo(folder);
        assertThat(Linter.lint(folder).engines()).doesNotContain(Engine.JLAMA);
        assertThat(Linter.lint(folder, EnumSet.of(Engine.JLAMA)).notChecked())
                .containsExactly(new NotChecked(
                        Engine.JLAMA, "model_type 'phi3' is unknown to Jlama 0.9.0-beta (commit 7b8ba42)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bloom    | architecture 'bloom' is not covered by the rules for llama.cpp 0.5.0",
                "qwen2000 | architecture 'qwen2000' is unknown to llama.cpp 0.5.0"
            })
    void anArchitectureThatRotatesNothingKnownOrIsUnknownIsNotChecked(
            String architecture, String reason, @TempDir Path folder) throws IOException {
        Path file = GgufCases.file(architecture, writer -> writer).writeTo(folder);
        LintReport report = Linter.lint(file, EnumSet.of(Engine.LLAMA_CPP));
        assertThat(report.notChecked()).containsExactly(new NotChecked(Engine.LLAMA_CPP, reason));
        assertThat(report.checked()).isEmpty();
        assertThat(report.clean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "vllm, VLLM",
        "vllm-0.33, VLLM",
        "transformers-4, TRANSFORMERS_4",
        "transformers-5.18, TRANSFORMERS_5",
        "llama.cpp, LLAMA_CPP",
        "convert_hf_to_gguf, CONVERTER"
    })
    void anEngineMayBeNamedWithoutItsVersion(String name, Engine engine) {
        assertThat(Engine.named(name)).containsExactly(engine);
    }

    @Test
    void aNameOfSeveralVersionsMeansAllOfThemAndAnotherVersionNone() {
        assertThat(Engine.named("transformers")).containsExactly(Engine.TRANSFORMERS_4, Engine.TRANSFORMERS_5);
        assertThat(Engine.named("vllm-0.3")).isEmpty();
        assertThat(Engine.named("vll")).isEmpty();
        assertThat(Engine.named("")).isEmpty();
    }

    @Test
    void notesAloneLeaveAModelClean(@TempDir Path folder) throws IOException {
        GgufCases.file("llama", writer -> writer.putUint32("llama.context_length", 131072))
                .writeTo(folder);
        LintReport report = Linter.lint(folder, EnumSet.of(Engine.LLAMA_CPP));
        assertThat(report.count(Severity.NOTE)).isEqualTo(1);
        assertThat(report.clean()).isTrue();
    }

    @Test
    void thePartOfAModelThatReadsTextIsRead(@TempDir Path folder) throws IOException {
        Map<String, Object> config = TestConfig.parse("{'model_type': 'gemma3', 'text_config': {'model_type':"
                + " 'gemma3_text', 'rope_scaling': {'rope_type': 'yarm', 'factor': 8}}}");
        assertThat(TestConfig.lint(folder, config).findings())
                .extracting(finding -> finding.rule())
                .containsOnly(LintRule.UNKNOWN_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Llama 3.1
                "'max_position_embeddings': 131072, 'rope_theta': 500000.0, 'rope_scaling': {'factor': 8.0,"
                        + " 'low_freq_factor': 1.0, 'high_freq_factor': 4.0, 'original_max_position_embeddings': 8192,"
                        + " 'rope_type': 'llama3'}",
                // Qwen2.5 with YaRN, its lengths as its makers set them but for the longest text
                "'model_type': 'qwen2', 'max_position_embeddings': 131072, 'rope_theta': 1000000.0, 'sliding_window':"
                        + " 131072, 'use_sliding_window': false, 'rope_scaling': {'factor': 4.0,"
                        + " 'original_max_position_embeddings': 32768, 'type': 'yarn'}",
                // Gemma 3
                "'model_type': 'gemma3_text', 'head_dim': 256, 'max_position_embeddings': 131072, 'rope_theta': 1000000,"
                        + " 'rope_local_base_freq': 10000, 'sliding_window': 1024, 'rope_scaling': {'factor': 8.0,"
                        + " 'rope_type': 'linear'}",
                // Qwen2-VL
                "'model_type': 'qwen2_vl', 'rope_theta': 1000000.0, 'rope_scaling': {'type': 'mrope', 'mrope_section':"
                        + " [16, 24, 24]}"
            })
    void settingsThatModelsAreServedWithAreClean(String keys, @TempDir Path folder) throws IOException {
        TestConfig.with(keys).writeTo(folder);
        assertThat(Linter.lint(folder).findings()).isEmpty();
    }

    @Test
    void errorsComeFirst(@TempDir Path folder) throws IOException {
        TestConfig.with("'rope_scaling': {'rope_type': 'dynamic', 'factor': 4, 'facter': 1}, 'rope_theta': 0")
                .writeTo(folder);
        List<Severity> severities =
                Linter.lint(folder).findings().stream().map(Finding::severity).toList();
        assertThat(severities).isSorted().contains(Severity.ERROR, Severity.WARNING);
    }

    @Test
    void refusesWhatIsNoModelInOneLine(@TempDir Path folder) throws IOException {
        String wanted = "model must be a folder with config.json, a config.json or a GGUF file, was ";
        assertThatThrownBy(() -> Linter.lint(folder.resolve("none")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(wanted + folder.resolve("none") + ", which isn't there");
        Path text = Files.writeString(folder.resolve("text.txt"), "GGU");
        assertThatThrownBy(() -> Linter.lint(text))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(wanted + text);
        assertThatThrownBy(() -> Linter.lint(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(folder + ": must hold config.json or one .gguf file, held neither");
    }

    @Test
    void refusesEnginesThatDoNotReadTheModel(@TempDir Path folder) throws IOException {
        TestConfig.with("").writeTo(folder);
        assertThatThrownBy(() -> Linter.lint(folder, EnumSet.of(Engine.LLAMA_CPP)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("engines must read Hugging Face models (transformers-4.57, transformers-5.18,"
                        + " vllm-0.33, convert_hf_to_gguf-0.5, jlama-0.9), was llama.cpp-0.5");
    }

    /** Any value under any key ends in a report, never in an exception. */
    @Test
    void survivesEveryValueUnderEveryKey(@TempDir Path folder) throws IOException {
        List<Object> values = new ArrayList<>(List.of(
                "",
                "yarn",
                "longrope",
                true,
                -1,
                0,
                1,
                3,
                1e300,
                1e-300,
                Long.MAX_VALUE,
                0.5,
                List.of(),
                List.of(1, "x")));
        values.add(List.of(Map.of(), List.of()));
        values.add(Map.of("rope_type", "yarn", "factor", List.of()));
        values.add(Map.of("full_attention", Map.of("rope_type", "longrope", "short_factor", "x")));
        values.add(null);
        long seed = 4;
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            Map<String, Object> dictionary = chosen(
                    random,
                    values,
                    List.of(
                            "rope_type",
                            "type",
                            "factor",
                            "short_factor",
                            "long_factor",
                            "original_max_position_embeddings",
                            "attention_factor",
                            "beta_fast",
                            "truncate",
                            "mscale",
                            "rope_theta",
                            "low_freq_factor"));
            dictionary.put(
                    "rope_type",
                    List.of("yarn", "longrope", "llama3", "dynamic", "x", 3).get(random.nextInt(6)));
            Map<String, Object> config = chosen(
                    random,
                    values,
                    List.of(
                            "rope_theta",
                            "max_position_embeddings",
                            "original_max_position_embeddings",
                            "head_dim",
                            "hidden_size",
                            "num_attention_heads",
                            "partial_rotary_factor",
                            "layer_types",
                            "sliding_window",
                            "rope_scaling",
                            "rope_parameters",
                            "text_config"));
            config.put(
                    "model_type",
                    List.of("llama", "gemma3_text", "phi3", "qwen2", 7).get(random.nextInt(5)));
            config.put(random.nextBoolean() ? "rope_scaling" : "rope_parameters", dictionary);
            assertThat(TestConfig.lint(folder, config).engines())
                    .as("seed %d, number %d: %s", seed, i, config)
                    .hasSize(4);
        }
    }

    /** Likewise in a GGUF file. */
    @Test
    void survivesEveryTypeUnderEveryKeyOfAGguf(@TempDir Path folder) throws IOException {
        for (String key : List.of(
                "general.architecture",
                "split.count",
                "llama.context_length",
                "llama.embedding_length",
                "llama.attention.key_length",
                "llama.attention.sliding_window",
                "llama.rope.dimension_count",
                "llama.rope.freq_base",
                "llama.rope.scaling.type",
                "llama.rope.scaling.factor",
                "llama.rope.scaling.attn_factor",
                "llama.rope.scaling.original_context_length",
                "llama.rope.scaling.yarn_beta_fast")) {
            List<UnaryOperator<GgufWriter>> puts = List.of(
                    writer -> writer.putString(key, "yarn"),
                    writer -> writer.putTruth(key, true),
                    writer -> writer.putUint32(key, 0),
                    writer -> writer.putUint32(key, -1),
                    writer -> writer.putFloat32(key, Float.NaN),
                    writer -> writer.putFloat32(key, -Float.MAX_VALUE),
                    writer -> writer.putInt32s(key, 1, 2));
            for (int i = 0; i < puts.size(); i++) {
                UnaryOperator<GgufWriter> put = puts.get(i);
                Path file = GgufCases.file(
                                "llama",
                                writer -> put.apply(writer.putString("llama.rope.scaling.type", "longrope")
                                        .addFloats("rope_factors_long.weight", List.of(3L), new float[] {1, 0, Float.NaN
                                        })))
                        .writeTo(folder);
                assertThat(Linter.lint(file).engines())
                        .as("%s, number %d", key, i)
                        .hasSize(2);
            }
        }
    }

    private static Map<String, Object> chosen(Random random, List<Object> values, List<String> keys) {
        Map<String, Object> chosen = new LinkedHashMap<>();
        for (String key : keys) {
            if (random.nextInt(3) > 0) {
                chosen.put(key, values.get(random.nextInt(values.size())));
            }
        }
        return chosen;
    }

    /** One reader says where it lies, for {@code rope}, {@code export} and {@code lint} alike. */
    @ParameterizedTest
    @ValueSource(strings = {"text_config", "llm_config", "language_config", "thinker_config.text_config"})
    void theTextPartIsReadWhereverItLies(String place) {
        Map<String, Object> config = Map.of("model_type", "qwen2", "rope_scaling", Map.of("factor", 4));
        String[] keys = place.split("\\.", -1);
        for (int i = keys.length - 1; i >= 0; i--) {
            config = Map.of(keys[i], config, "model_type", "whole", "architectures", List.of("Qwen2ForCausalLM"));
        }
        JsonValues text = Linter.textPart(new JsonValues("", config));
        assertThat(text.object("rope_scaling").path("factor")).isEqualTo(place + ".rope_scaling.factor");
        assertThat(text.text("model_type")).contains("qwen2");
        assertThat(text.texts("architectures")).containsExactly("Qwen2ForCausalLM");
    }
}
