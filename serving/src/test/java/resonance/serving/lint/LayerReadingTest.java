package resonance.serving.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.rope.LongRopeScaling;

/** What an engine makes of keys before any rule looks at it. */
class LayerReadingTest {
    private static final String LONG_LISTS = "'short_factor': [1, 1, 1, 1], 'long_factor': [1, 2, 3, 4]";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "TRANSFORMERS_4 | llama | {'rope_type': 'yarn', 'type': 'linear'}  | linear",
                "TRANSFORMERS_4 | foo   | {'rope_type': 'yarn', 'type': 'linear'}  | yarn",
                "TRANSFORMERS_5 | llama | {'rope_type': 'yarn', 'type': 'linear'}  | yarn",
                "VLLM           | llama | {'type': 'linear'}                       | linear",
                "TRANSFORMERS_4 | llama | {'factor': 4}                            | none",
                "TRANSFORMERS_5 | llama | {'factor': 4}                            | default",
                "TRANSFORMERS_4 | llama | {}                                       | none",
                "TRANSFORMERS_5 | llama | {}                                       | default",
                "TRANSFORMERS_5 | llama | {'rope_type': null, 'type': 'linear'}    | none",
                "CONVERTER      | llama | {'rope_type': 'yarn', 'type': 'linear'}  | linear",
                "VLLM           | llama | {'type': 'su'}                           | longrope",
                "VLLM           | llama | {'type': 'telechat3-yarn'}               | yarn",
                "TRANSFORMERS_5 | phi3  | {'type': 'su'}                           | longrope",
                "TRANSFORMERS_5 | phi3  | {'type': 'yarn'}                         | longrope",
                "TRANSFORMERS_5 | llama | {'type': 'su'}                           | su",
                "VLLM           | foo   | {'type': 'mrope', 'mrope_section': [1]}  | default",
                "VLLM           | foo   | {'type': 'mrope'}                        | mrope"
            })
    void theTypeInUseIsTheOneThatTheEngineTakes(Engine engine, String modelType, String scaling, String type) {
        LayerReading layer = only(engine, "'model_type': '" + modelType + "', 'rope_scaling': " + scaling);
        assertThat(layer.type().orElse("none")).isEqualTo(type);
        assertThat(layer.is(type)).isEqualTo(!type.equals("none"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TRANSFORMERS_4 | yarn     | 64",
                "TRANSFORMERS_5 | yarn     | 32",
                "VLLM           | llama3   | 32",
                "TRANSFORMERS_4 | longrope | 32",
                "TRANSFORMERS_5 | longrope | 32",
                "TRANSFORMERS_5 | dynamic  | 128"
            })
    void theTrainedLengthIsTheOneThatTheEngineLooksAt(Engine engine, String type, double trained) {
        LayerReading layer = only(
                engine,
                "'original_max_position_embeddings': 32, 'rope_scaling': {'rope_type': '" + type
                        + "', 'original_max_position_embeddings': 64}");
        assertThat(layer.trainedLength()).contains(trained);
        assertThat(layer.stretch()).contains(128 / trained);
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"TRANSFORMERS_4", "TRANSFORMERS_5", "VLLM"})
    void yarnsMagnitudeIsOneAndATenthOfTheFactorsLogarithm(Engine engine) {
        String scaling = "'rope_scaling': {'rope_type': 'yarn', 'factor': 4.0";
        double own = 1 + 0.1 * Math.log(4);
        assertThat(only(engine, scaling + "}").magnitude().orElseThrow()).isCloseTo(own, within(1e-15));
        assertThat(only(engine, scaling + ", 'attention_factor': 1.5}").magnitude())
                .contains(1.5);
        assertThat(only(engine, scaling + ", 'mscale': 2.0, 'mscale_all_dim': 1.0}")
                        .magnitude()
                        .orElseThrow())
                .isCloseTo((1 + 0.2 * Math.log(4)) / own, within(1e-15));
        assertThat(only(engine, "'rope_scaling': {'rope_type': 'linear', 'factor': 4.0}")
                        .magnitude())
                .contains(1.0);
    }

    @Test
    void longropesMagnitudeIsThatOfTheFactorButOfTheRatioInVersion4BesideATopLevelLength() {
        String config =
                "'original_max_position_embeddings': 16, 'rope_scaling': {'rope_type': 'longrope', 'factor': 2.0, "
                        + LONG_LISTS + "}";
        double ofFactor = Math.sqrt(1 + Math.log(2) / Math.log(16));
        double ofRatio = Math.sqrt(1 + Math.log(8) / Math.log(16));
        assertThat(only(Engine.TRANSFORMERS_4, config).magnitude().orElseThrow())
                .isCloseTo(ofRatio, within(1e-15));
        assertThat(only(Engine.TRANSFORMERS_5, config).magnitude().orElseThrow())
                .isCloseTo(ofFactor, within(1e-15));
        assertThat(LongRopeScaling.magnitude(1, 16)).isEqualTo(1);
        assertThat(LongRopeScaling.magnitude(0.5, 16)).isEqualTo(1);
    }

    @Test
    void pairsAreHalfOfWhatRotatesOfAHead() {
        assertThat(only(Engine.VLLM, "").pairs()).contains(4.0);
        assertThat(only(Engine.VLLM, "'head_dim': 16").pairs()).contains(8.0);
        assertThat(only(Engine.VLLM, "'head_dim': 16, 'partial_rotary_factor': 0.5")
                        .pairs())
                .contains(4.0);
        assertThat(only(Engine.VLLM, "'num_attention_heads': null").pairs()).isEmpty();
        assertThat(only(Engine.VLLM, "'num_attention_heads': 5").pairs()).contains(3.0);
    }

    @Test
    void version4LooksForBaseAndRotaryShareAtTheTopLevelAlone() {
        String config =
                "'rope_scaling': {'rope_type': 'linear', 'factor': 2, 'rope_theta': 500, 'partial_rotary_factor':"
                        + " 0.25}, 'partial_rotary_factor': 0.5";
        LayerReading four = only(Engine.TRANSFORMERS_4, config);
        assertThat(four.base()).contains(10_000.0);
        assertThat(four.partialRotaryFactor()).isEqualTo(0.5);
        LayerReading five = only(Engine.TRANSFORMERS_5, config);
        assertThat(five.base()).contains(500.0);
        assertThat(five.partialRotaryFactor()).isEqualTo(0.25);
    }

    @ParameterizedTest
    @CsvSource({"llama, 10000", "mixtral, 1000000", "gemma3, 1000000", "phi3, 10000"})
    void aBaseThatIsNotGivenIsThatOfTheModelsClass(String modelType, double base) {
        String config = "'rope_theta': null, 'model_type': '" + modelType + "'";
        assertThat(layers(Engine.TRANSFORMERS_4, config).get(0).base()).contains(base);
        assertThat(layers(Engine.TRANSFORMERS_4, "'rope_theta': null, 'model_type': 'foo'")
                        .get(0)
                        .base())
                .isEmpty();
    }

    @Test
    void gemma3HasTwoKindsOfLayersForAllButVersion4() {
        String config =
                "'model_type': 'gemma3_text', 'rope_local_base_freq': 500, 'rope_scaling': {'rope_type': 'linear',"
                        + " 'factor': 8}";
        assertThat(layers(Engine.TRANSFORMERS_4, config))
                .extracting(LayerReading::layerType)
                .containsExactly("full_attention");
        List<LayerReading> layers = layers(Engine.TRANSFORMERS_5, config);
        assertThat(layers).extracting(LayerReading::layerType).containsExactly("full_attention", "sliding_attention");
        assertThat(layers.get(0).factor()).contains(8.0);
        assertThat(layers.get(1).factor()).isEmpty();
        assertThat(layers.get(1).base()).contains(500.0);
    }

    @Test
    void aDictionaryByLayerTypesGivesALayerForEachThatTheModelHas() {
        String config = "'model_type': 'foo', 'layer_types': ['full_attention'], 'rope_parameters': {'full_attention':"
                + " {'rope_type': 'yarn', 'factor': 2}, 'sliding_attention': {'rope_type': 'default'}}";
        List<LayerReading> layers = layers(Engine.VLLM, config);
        assertThat(layers).extracting(LayerReading::layerType).containsExactly("full_attention");
        assertThat(layers.get(0).nested()).isTrue();
        assertThat(layers.get(0).path("factor")).isEqualTo("rope_parameters.full_attention.factor");
        assertThat(only(Engine.VLLM, "'rope_parameters': {'full_attention': {'factor': 2}}")
                        .layerType())
                .isEqualTo("all");
    }

    private static LayerReading only(Engine engine, String keys) {
        List<LayerReading> layers = layers(engine, keys);
        assertThat(layers).hasSize(1);
        return layers.get(0);
    }

    private static List<LayerReading> layers(Engine engine, String keys) {
        return ConfigLayers.read(engine, new JsonValues("", TestConfig.values(keys)));
    }
}
