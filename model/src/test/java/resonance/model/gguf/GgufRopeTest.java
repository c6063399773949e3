package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.model.ModelFormatException;
import resonance.rope.LinearScaling;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;
import resonance.rope.gguf.EngineScaling;
import resonance.rope.huggingface.ModelRope;

class GgufRopeTest {
    private static final int PAIRS = TinyGguf.HEAD_SIZE / 2;

    @Test
    void aFileThatSaysNothingIsUnscaledWithTheCommonBase(@TempDir Path folder) {
        ModelRope rope = rope(folder, "qwen2", writer -> {});
        assertThat(rope.shape()).isEqualTo(RopeShape.of(TinyGguf.HEAD_SIZE, 10_000, 64));
        assertThat(rope.scaling()).isEqualTo(new NoScaling());
        assertThat(rope.headDimension()).isEqualTo(TinyGguf.HEAD_SIZE);
        assertThat(rope.maximumLength()).isEqualTo(64);
    }

    @Test
    void baseAndTrainedLengthAreTheFiles(@TempDir Path folder) {
        ModelRope rope = rope(
                folder,
                "llama",
                writer -> writer.putFloat32("llama.rope.freq_base", 500_000)
                        .putUint32("llama.rope.scaling.original_context_length", 16));
        assertThat(rope.shape()).isEqualTo(RopeShape.of(TinyGguf.HEAD_SIZE, 500_000, 16));
        assertThat(rope.maximumLength()).isEqualTo(64);
    }

    @Test
    void aFactorWithoutATypeIsLinear(@TempDir Path folder) {
        assertThat(rope(folder, "llama", writer -> writer.putFloat32("llama.rope.scaling.factor", 4))
                        .scaling())
                .isEqualTo(new LinearScaling(4));
        assertThat(rope(folder, "qwen3", writer -> writer.putFloat32("qwen3.rope.scale_linear", 2))
                        .scaling())
                .isEqualTo(new LinearScaling(2));
        assertThat(rope(
                                folder,
                                "llama",
                                writer -> writer.putFloat32("llama.rope.scaling.factor", 4)
                                        .putFloat32("llama.rope.scale_linear", 2))
                        .scaling())
                .isEqualTo(new LinearScaling(4));
        assertThat(rope(folder, "llama", writer -> writer.putFloat32("llama.rope.scaling.factor", 0))
                        .scaling())
                .isEqualTo(new NoScaling());
    }

    @Test
    void typeNoneDropsTheFactorButKeepsTheMagnitude(@TempDir Path folder) {
        ModelRope rope = rope(
                folder,
                "llama",
                writer -> writer.putString("llama.rope.scaling.type", "none")
                        .putFloat32("llama.rope.scaling.factor", 4)
                        .putFloat32("llama.rope.scaling.attn_factor", 1.5f));
        assertThat(rope.scaling()).isEqualTo(new EngineScaling(false, 1, 1.5, List.of(), List.of()));
    }

    @Test
    void yarnIsThePublishedOneWhateverItsBounds(@TempDir Path folder) {
        ModelRope rope = rope(
                folder,
                "qwen2",
                writer -> writer.putString("qwen2.rope.scaling.type", "yarn")
                        .putFloat32("qwen2.rope.scaling.factor", 4)
                        .putUint32("qwen2.rope.scaling.original_context_length", 32)
                        .putFloat32("qwen2.rope.scaling.yarn_beta_fast", 1.5f)
                        .putFloat32("qwen2.rope.scaling.yarn_beta_slow", 0.1f));
        assertThat(rope.scaling()).isEqualTo(new YarnScaling(4));
        assertThat(rope.frequencies(1).attentionScale()).isCloseTo(1 + 0.1 * Math.log(4), within(1e-15));
    }

    @Test
    void llamaDividesByItsDivisors(@TempDir Path folder) {
        ModelRope rope = rope(
                folder,
                "llama",
                writer -> writer.addFloats("rope_freqs.weight", List.of((long) PAIRS), new float[] {1, 2, 8}));
        RopeShape shape = rope.shape();
        assertThat(rope.frequencies(1).radiansPerToken())
                .containsExactly(1, shape.radiansPerToken(1) / 2, shape.radiansPerToken(2) / 8);
        assertThat(rope.scaling().dependsOnSequenceLength()).isFalse();
    }

    @Test
    void longropeTakesTheListForTheLength(@TempDir Path folder) {
        Consumer<GgufWriter> longrope = writer -> writer.putString("llama.rope.scaling.type", "longrope")
                .putUint32("llama.rope.scaling.original_context_length", 16)
                .addFloats("rope_factors_long.weight", List.of((long) PAIRS), new float[] {4, 4, 4})
                .addFloats("rope_factors_short.weight", List.of((long) PAIRS), new float[] {2, 2, 2});
        ModelRope rope = rope(folder, "llama", longrope);
        assertThat(rope.frequencies(16).radiansPerToken(0)).isEqualTo(0.5);
        assertThat(rope.frequencies(17).radiansPerToken(0)).isEqualTo(0.25);
        assertThat(rope.frequencies(17).attentionScale()).isEqualTo(1);
    }

    @Test
    void tensorsThatTheArchitectureDoesNotReadAreErrors(@TempDir Path folder) {
        float[] ones = new float[PAIRS];
        Arrays.fill(ones, 1);
        for (String architecture : List.of("qwen2", "qwen3", "gemma3")) {
            assertRefused(
                    folder,
                    architecture,
                    writer -> writer.addFloats("rope_freqs.weight", List.of((long) PAIRS), ones),
                    "tensor 'rope_freqs.weight' must be one that architecture '" + architecture
                            + "' has, was one that nothing reads");
        }
        assertRefused(
                folder,
                "llama",
                writer -> writer.putString("llama.rope.scaling.type", "longrope")
                        .addFloats("rope_freqs.weight", List.of((long) PAIRS), ones),
                "tensor 'rope_freqs.weight' must be one that architecture 'llama' has, was one that nothing reads");
        assertRefused(
                folder,
                "llama",
                writer -> writer.addFloats("rope_factors_long.weight", List.of((long) PAIRS), ones),
                "tensor 'rope_factors_long.weight' must be one that architecture 'llama' has,"
                        + " was one that nothing reads");
    }

    @Test
    void gemmaScalesItsGlobalLayersAlone(@TempDir Path folder) {
        for (String type : List.of("linear", "yarn")) {
            GgufModel model = open(
                    folder,
                    "gemma3",
                    writer -> writer.putFloat32("gemma3.rope.freq_base", 1_000_000)
                            .putString("gemma3.rope.scaling.type", type)
                            .putFloat32("gemma3.rope.scaling.factor", 8));
            assertThat(model.description().rope().shape().base()).isEqualTo(1_000_000);
            assertThat(model.description().rope().scaling())
                    .isEqualTo(type.equals("yarn") ? new YarnScaling(8) : new LinearScaling(8));
            assertThat(model.description().slidingRope().shape().base()).isEqualTo(10_000);
            assertThat(model.description().slidingRope().scaling()).isEqualTo(new NoScaling());
        }
        GgufModel model = open(
                folder,
                "gemma3",
                writer -> writer.putFloat32("gemma3.rope.freq_base_swa", 20_000)
                        .putFloat32("gemma3.rope.scaling.attn_factor", 2));
        assertThat(model.description().slidingRope().shape().base()).isEqualTo(20_000);
        assertThat(model.description().slidingRope().frequencies(1).attentionScale())
                .isEqualTo(2);
    }

    @Test
    void warnsOfSettingsThatNothingReads(@TempDir Path folder) {
        GgufModel model = open(
                folder,
                "llama",
                writer -> writer.putString("llama.rope.scaling.type", "none")
                        .putFloat32("llama.rope.scaling.factor", 4)
                        .putFloat32("llama.rope.scaling.yarn_beta_fast", 1.5f)
                        .putFloat32("llama.rope.scaling.yarn_beta_slow", 1)
                        .putFloat32("llama.rope.scaling.yarn_attn_factor", 0.5f)
                        .putUint32("llama.attention.sliding_window", 16));
        assertThat(model.warnings())
                .containsExactly(
                        "llama.rope.scaling.yarn_beta_fast = 1.5 is not read, as in llama.cpp, which uses 32",
                        "llama.rope.scaling.yarn_attn_factor = 0.5 is not read, as in llama.cpp, which uses 1",
                        "llama.rope.scaling.factor = 4.0 is not read, as in llama.cpp, which uses 1 because of type none",
                        "llama.attention.sliding_window = 16 is not read, as in llama.cpp, which uses no window");
        assertThat(model.description().decoder().windows()).containsOnly(0);
        assertThat(open(folder, "gemma3", writer -> {}).warnings()).isEmpty();
        assertThat(open(folder, "qwen2", writer -> writer.putInt32s("qwen2.attention.sliding_window", 1, 2))
                        .warnings())
                .containsExactly("qwen2.attention.sliding_window is not read, as in llama.cpp, which uses no window");
    }

    @Test
    void refusesSettingsThatCanNotBe(@TempDir Path folder) {
        assertRefused(
                folder,
                "llama",
                writer -> writer.putString("llama.rope.scaling.type", "llama3"),
                "key 'llama.rope.scaling.type' must be one of [none, linear, yarn, longrope], was 'llama3'");
        assertRefused(
                folder,
                "llama",
                writer -> writer.putFloat32("llama.rope.scaling.factor", -1),
                "key 'llama.rope.scaling.factor' must be above 0, was -1.0");
        assertRefused(
                folder,
                "llama",
                writer -> writer.putFloat32("llama.rope.scaling.attn_factor", Float.POSITIVE_INFINITY),
                "key 'llama.rope.scaling.attn_factor' must be finite, was Infinity");
        assertRefused(
                folder,
                "llama",
                writer -> writer.putFloat32("llama.rope.freq_base", 1),
                "key 'llama.rope.freq_base' must be above 1, was 1.0");
        assertRefused(
                folder,
                "llama",
                writer -> writer.addFloats("rope_freqs.weight", List.of(2L), new float[2]),
                "tensor 'rope_freqs.weight' must be 3 values of F32, was [2] of F32");
        assertRefused(
                folder,
                "llama",
                writer -> writer.addFloats("rope_freqs.weight", List.of(3L), new float[3]),
                "tensor 'rope_freqs.weight' must hold finite numbers above 0, was 0.0");
    }

    @Test
    void divisorsOfOneAreNoScaling(@TempDir Path folder) {
        assertThat(rope(
                                folder,
                                "llama",
                                writer -> writer.addFloats(
                                        "rope_freqs.weight", List.of((long) PAIRS), new float[] {1, 1, 1}))
                        .scaling())
                .isEqualTo(new NoScaling());
    }

    private static GgufModel open(Path folder, String architecture, Consumer<GgufWriter> change) {
        GgufWriter writer = TinyGguf.writer(architecture);
        change.accept(writer);
        return TinyGguf.open(writer, folder);
    }

    private static ModelRope rope(Path folder, String architecture, Consumer<GgufWriter> change) {
        return open(folder, architecture, change).description().rope();
    }

    private static void assertRefused(Path folder, String architecture, Consumer<GgufWriter> change, String message) {
        assertThatThrownBy(() -> open(folder, architecture, change))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith(".gguf: " + message);
    }
}
