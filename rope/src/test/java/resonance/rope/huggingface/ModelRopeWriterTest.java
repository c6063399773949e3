package resonance.rope.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import resonance.rope.AdjustedBaseScaling;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.DynamicYarnScaling;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.NtkAwareScaling;
import resonance.rope.NtkByPartsScaling;
import resonance.rope.PaperYarnScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.Resonance;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

class ModelRopeWriterTest {
    private static final RopeShape SHAPE = RopeShape.of(4, 10_000, 1024);
    private static final RopeShape WHOLE_LENGTH = RopeShape.of(4, 10_000, 4096);
    private static final List<Double> ONES = List.of(1.0, 1.0);
    private static final List<Double> TWOS = List.of(2.0, 2.0);

    @Test
    void whatIsWrittenReadsBackToTheSameFrequencies() {
        List<ModelRope> ropes = List.of(
                new ModelRope(WHOLE_LENGTH, new NoScaling(), 4, 4096),
                new ModelRope(WHOLE_LENGTH, new LinearScaling(4), 8, 4096),
                new ModelRope(WHOLE_LENGTH, new NtkAwareScaling(4), 4, 4096),
                new ModelRope(WHOLE_LENGTH, AdjustedBaseScaling.to(500_000), 10, 4096),
                new ModelRope(WHOLE_LENGTH, new DynamicNtkScaling(2), 4, 4096),
                new ModelRope(SHAPE, new YarnScaling(4), 4, 4096),
                new ModelRope(SHAPE, new YarnScaling(4, 2, 1, false, OptionalDouble.of(1.5), 0.5, 0.25), 4, 4096),
                new ModelRope(SHAPE, new LongRopeScaling(ONES, TWOS, 16, OptionalDouble.empty()), 4, 4096),
                new ModelRope(SHAPE, new LongRopeScaling(TWOS, TWOS, 2, OptionalDouble.of(1.5)), 4, 4096),
                new ModelRope(SHAPE, new Llama3Scaling(8), 4, 4096));
        for (ModelRope rope : ropes) {
            for (TransformersVersion version : TransformersVersion.values()) {
                ModelRope read = read(ModelRopeWriter.write(rope, version), rope, version);
                for (long length : new long[] {100, 2000, 9000}) {
                    assertThat(read.frequencies(length))
                            .as("%s, %s, length %s", rope, version, length)
                            .isEqualTo(rope.frequencies(length));
                }
            }
        }
        ModelRope proportional = new ModelRope(WHOLE_LENGTH, new ProportionalScaling(0.5, 2), 4, 4096);
        assertThat(read(
                        ModelRopeWriter.write(proportional, TransformersVersion.V5),
                        proportional,
                        TransformersVersion.V5))
                .isEqualTo(proportional);
    }

    private static ModelRope read(Map<String, Object> written, ModelRope rope, TransformersVersion version) {
        Map<String, Object> config = new LinkedHashMap<>(written);
        config.put("model_type", "solar_open");
        config.put("head_dim", rope.headDimension());
        Map<String, ModelRope> layers = ModelRopeReader.read(config, version).ropes();
        assertThat(layers).containsOnlyKeys(ModelRope.ALL_LAYERS);
        return layers.values().iterator().next();
    }

    @Test
    void theTwoLayoutsAreTheVersions() {
        ModelRope rope = new ModelRope(SHAPE, new YarnScaling(4), 8, 4096);
        assertThat(ModelRopeWriter.write(rope, TransformersVersion.V4))
                .isEqualTo(Map.of(
                        "max_position_embeddings",
                        4096,
                        "rope_theta",
                        10_000.0,
                        "partial_rotary_factor",
                        0.5,
                        "rope_scaling",
                        Map.of(
                                "rope_type",
                                "yarn",
                                "factor",
                                4.0,
                                "original_max_position_embeddings",
                                1024,
                                "beta_fast",
                                32.0,
                                "beta_slow",
                                1.0,
                                "truncate",
                                true)));
        assertThat(ModelRopeWriter.write(
                        new ModelRope(WHOLE_LENGTH, new LinearScaling(4), 4, 4096), TransformersVersion.V5))
                .isEqualTo(Map.of(
                        "max_position_embeddings",
                        4096,
                        "rope_parameters",
                        Map.of("rope_type", "linear", "rope_theta", 10_000.0, "factor", 4.0)));
        assertThat(ModelRopeWriter.write(new ModelRope(WHOLE_LENGTH, new NoScaling(), 4, 4096), TransformersVersion.V4))
                .isEqualTo(Map.of("max_position_embeddings", 4096, "rope_theta", 10_000.0));
    }

    @Test
    void anyFrequenciesTravelAsThePortableBlock() {
        List<RopeScaling> scalings = List.of(
                new Resonance(new YarnScaling(4, 2, 1)),
                new NtkByPartsScaling(4),
                new PaperYarnScaling(4),
                new ProportionalScaling(0.5, 1));
        RopeShape shape = RopeShape.of(64, 10_000, 1024);
        for (RopeScaling scaling : scalings) {
            RopeFrequencies frequencies = scaling.frequencies(shape);
            Map<String, Object> written = ModelRopeWriter.portable(frequencies, shape, 128, 4096);
            ModelRope rope = new ModelRope(shape, scaling, 128, 4096);
            for (TransformersVersion version : TransformersVersion.values()) {
                for (long length : new long[] {100, 2000}) {
                    same(read(written, rope, version).frequencies(length), frequencies, scaling + " " + version);
                }
            }
        }
    }

    private static void same(RopeFrequencies actual, RopeFrequencies expected, String place) {
        assertThat(actual.attentionScale()).as(place).isEqualTo(expected.attentionScale());
        for (int pair = 0; pair < expected.pairs(); pair++) {
            double radians = expected.radiansPerToken(pair);
            // Two divisions, each rounded once. A pair that stands still turns once in 6e30 tokens.
            double tolerance = radians == 0 ? 1e-30 : 3e-16 * radians;
            assertThat(actual.radiansPerToken(pair)).as(place).isCloseTo(radians, within(tolerance));
        }
    }

    @Test
    void thePortableBlockHasTheKeysOfTransformersAndOfVllm() {
        RopeFrequencies frequencies = RopeFrequencies.of(new double[] {1, 0.005}, 1.25);
        assertThat(ModelRopeWriter.portable(frequencies, SHAPE, 4, 4096))
                .isEqualTo(Map.of(
                        "max_position_embeddings", 4096, "rope_theta", 10_000.0, "rope_scaling", longRope(4.0, 1024)));
        Map<String, Object> layer = new LinkedHashMap<>(longRope(1.0, 4096));
        layer.put("rope_theta", 10_000.0);
        assertThat(ModelRopeWriter.portableLayer(frequencies, SHAPE, 4, 4096)).isEqualTo(layer);
    }

    private static Map<String, Object> longRope(double factor, int trainedLength) {
        return Map.of(
                "rope_type",
                "longrope",
                "short_factor",
                List.of(1.0, 2.0),
                "long_factor",
                List.of(1.0, 2.0),
                "factor",
                factor,
                "original_max_position_embeddings",
                trainedLength,
                "attention_factor",
                1.25,
                "short_mscale",
                1.25,
                "long_mscale",
                1.25);
    }

    @Test
    void aPairThatStandsStillGetsAHugeDivisor() {
        RopeFrequencies frequencies = RopeFrequencies.of(new double[] {1, 0}, 1);
        Map<String, Object> layer = ModelRopeWriter.portableLayer(frequencies, SHAPE, 4, 4096);
        assertThat(layer.get("short_factor")).isEqualTo(List.of(1.0, 1e30));
    }

    @Test
    void layerTypesAreWrittenAndReadBack() {
        Map<String, ModelRope> layers = new LinkedHashMap<>();
        layers.put("full_attention", new ModelRope(WHOLE_LENGTH, new LinearScaling(8), 4, 4096));
        layers.put("sliding_attention", new ModelRope(RopeShape.of(4, 20_000, 4096), new NoScaling(), 4, 4096));
        for (TransformersVersion version : TransformersVersion.values()) {
            Map<String, Object> config = new LinkedHashMap<>(ModelRopeWriter.writeLayers(layers, version));
            config.put("model_type", "gemma3_text");
            config.put("head_dim", 4);
            assertThat(ModelRopeReader.read(config, version).ropes()).isEqualTo(layers);
        }
    }

    @Test
    void whatAVersionCannotSayIsRefusedWithACure() {
        for (RopeScaling scaling : Arrays.asList(
                new Resonance(new NoScaling()), new PaperYarnScaling(4), new DynamicYarnScaling(new YarnScaling(1)))) {
            assertThatThrownBy(
                            () -> ModelRopeWriter.write(new ModelRope(SHAPE, scaling, 4, 4096), TransformersVersion.V5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("scaling must be one that transformers 5 has a rope_type for, was " + scaling
                            + "; write its frequencies with portable");
        }
        refuses(
                () -> ModelRopeWriter.write(
                        new ModelRope(SHAPE, new ProportionalScaling(0.5, 1), 4, 4096), TransformersVersion.V4),
                "scaling must be one that transformers 4 has a rope_type for, was ProportionalScaling[rotatedShare=0.5,"
                        + " factor=1.0]; write its frequencies with portable");
        refuses(
                () -> ModelRopeWriter.write(
                        new ModelRope(SHAPE, new DynamicNtkScaling(2), 4, 4096), TransformersVersion.V4),
                "trainedLength must be maximumLength (4096) for rope_type 'dynamic', which knows no other length, was"
                        + " 1024");
        YarnScaling loose = new YarnScaling(4, 32, 1, false, OptionalDouble.empty(), 0, 0);
        refuses(
                () -> ModelRopeWriter.writeLayers(
                        Map.of("far", new ModelRope(SHAPE, loose, 4, 4096)), TransformersVersion.V5),
                "truncate must be true for far, was false; transformers 5 does not read it there, write its frequencies"
                        + " with portableLayer");
        LongRopeScaling switching =
                new LongRopeScaling(List.of(1.0, 1.0), List.of(2.0, 2.0), 4, OptionalDouble.empty());
        refuses(
                () -> ModelRopeWriter.writeLayers(
                        Map.of("far", new ModelRope(RopeShape.of(4, 10_000, 1024), switching, 4, 4096)),
                        TransformersVersion.V5),
                "trainedLength must be maximumLength (4096) for longrope in far, was 1024; transformers 5 fails there on"
                        + " the second longer text, write its frequencies with portableLayer");
        refuses(
                () -> ModelRopeWriter.writeLayers(
                        Map.of("far", new ModelRope(SHAPE, loose, 4, 4096)), TransformersVersion.V4),
                "layers must be full_attention and an unscaled sliding_attention for transformers 4, were [far]; write"
                        + " them for version 5");
        refuses(
                () -> ModelRopeWriter.portable(RopeFrequencies.of(new double[] {1}, 1), SHAPE, 4, 4096),
                "frequencies must have one value per pair of shape (2), had 1");
        refuses(
                () -> new ModelRope(SHAPE, new NoScaling(), 2, 4096),
                "headDimension must be at least shape.headSize (4), was 2");
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
