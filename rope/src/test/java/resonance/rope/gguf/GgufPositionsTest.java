package resonance.rope.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import resonance.rope.LinearScaling;
import resonance.rope.NoScaling;
import resonance.rope.PairLayout;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.RotaryTable;
import resonance.rope.YarnScaling;
import resonance.rope.huggingface.ModelRope;
import resonance.rope.huggingface.ModelRopeReader;

class GgufPositionsTest {
    private static Map<String, Object> llama(Object... more) {
        return of("llama", more);
    }

    private static Map<String, Object> of(String architecture, Object... more) {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("general.architecture", architecture);
        metadata.put(architecture + ".context_length", 4096L);
        metadata.put(architecture + ".embedding_length", 24);
        metadata.put(architecture + ".attention.head_count", (short) 4);
        metadata.put("tokenizer.ggml.tokens", List.of("a", "b"));
        for (int i = 0; i < more.length; i += 2) {
            metadata.put(architecture + "." + more[i], more[i + 1]);
        }
        return metadata;
    }

    private static GgufPositions.Encoding full(Map<String, Object> metadata) {
        return GgufPositions.read(metadata, Map.of()).full();
    }

    /** The README's example. */
    @Test
    void anEngineMakesItsTablesFromTheMetadataThatItHas() {
        Map<String, Object> metadata = Map.of(
                "general.architecture",
                "llama",
                "llama.context_length",
                131_072,
                "llama.rope.dimension_count",
                64,
                "llama.rope.freq_base",
                500_000f,
                "llama.rope.scaling.attn_factor",
                1.2f);
        float[] divisors = new float[32]; // of the tensor rope_freqs.weight
        Arrays.fill(divisors, 16, 32, 8);
        Arrays.fill(divisors, 0, 16, 1);

        GgufPositions positions = GgufPositions.read(metadata, Map.of("rope_freqs.weight", divisors));
        RotaryTable table = RotaryTable.of(positions.full().frequencies(8192)); // what llama.cpp computes at -c 8192
        float[] cosines = new float[8192 * 32];
        float[] sines = new float[8192 * 32];
        table.fill(0, 8192, cosines, sines); // (position, pair), the magnitude of 1.2 included
        float[] pairs = new float[8192 * 64];
        table.fillPairs(0, 8192, pairs); // the same, cosine and sine side by side
        PairLayout layout = positions.architecture().layout(); // dimensions 2i and 2i + 1: llama.cpp's NORM

        ModelRope config = ModelRopeReader.read(Map.of(
                        "model_type",
                        "llama",
                        "rope_theta",
                        500_000,
                        "hidden_size",
                        64,
                        "num_attention_heads",
                        1,
                        "num_hidden_layers",
                        1,
                        "max_position_embeddings",
                        8192))
                .full();
        RotaryTable.of(config.frequencies(8192)).fill(0, 8192, cosines, sines); // of a Hugging Face configuration

        assertThat(layout).isEqualTo(PairLayout.INTERLEAVED);
        double angle = 3 * Math.pow(500_000, -2.0 * 20 / 64) / 8;
        assertThat(pairs[2 * (3 * 32 + 20)]).isEqualTo((float) (1.2f * Math.cos(angle)));
        assertThat(pairs[2 * (3 * 32 + 20) + 1]).isEqualTo((float) (1.2f * Math.sin(angle)));
        assertThat(cosines[32 + 1]).isEqualTo((float) Math.cos(Math.pow(500_000, -1.0 / 32)));
        assertThat(sines[32]).isEqualTo((float) Math.sin(1));
    }

    @Test
    void pairsAreCosinesAndSinesSideBySide() {
        RotaryTable table = RotaryTable.of(RopeFrequencies.of(new double[] {1, 0.1, 0.01}, 1.5));
        float[] cosines = new float[30];
        float[] sines = new float[30];
        float[] pairs = new float[60];
        table.fill(7, 10, cosines, sines);
        table.fillPairs(7, 10, pairs);
        for (int i = 0; i < 30; i++) {
            assertThat(pairs[2 * i]).isEqualTo(cosines[i]);
            assertThat(pairs[2 * i + 1]).isEqualTo(sines[i]);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.fillPairs(0, 10, new float[59]))
                .withMessage("values must hold positions * pairs * 2 = 60 values, held 59");
    }

    @Test
    void theSizeOfTheRotatingPartIsTheFilesOrThatOfAHead() {
        assertThat(full(llama()).shape()).isEqualTo(RopeShape.of(6, 10_000, 4096));
        assertThat(full(llama("attention.key_length", 8)).shape().headSize()).isEqualTo(8);
        assertThat(full(llama("attention.key_length", 8, "rope.dimension_count", 4))
                        .shape()
                        .headSize())
                .isEqualTo(4);
    }

    @Test
    void numbersMayBeOfAnyJavaType() {
        GgufPositions.Encoding rope =
                full(llama("rope.scaling.type", "linear", "rope.scaling.factor", 4, "rope.freq_base", 50_000));
        assertThat(rope.scaling()).isEqualTo(new LinearScaling(4));
        assertThat(rope.shape().base()).isEqualTo(50_000);
        assertThat(full(llama("rope.scale_linear", 2f)).scaling()).isEqualTo(new LinearScaling(2));
        assertThat(full(llama("rope.scaling.type", "none", "rope.scaling.factor", 4))
                        .scaling())
                .isEqualTo(new NoScaling());
    }

    @Test
    void yarnHasItsOwnMagnitudeTimesTheFilesAndNoBoundsOfTheFiles() {
        GgufPositions.Encoding rope = full(llama(
                "rope.scaling.type",
                "yarn",
                "rope.scaling.factor",
                4f,
                "rope.scaling.original_context_length",
                1024,
                "rope.scaling.yarn_beta_fast",
                1.5f));
        assertThat(rope.scaling()).isEqualTo(new YarnScaling(4));
        assertThat(rope.shape().trainedLength()).isEqualTo(1024);
        assertThat(rope.frequencies(1).attentionScale()).isCloseTo(1 + 0.1 * Math.log(4), within(1e-15));
    }

    @Test
    void longropeTakesTheListForTheContextThatIsAskedFor() {
        Map<String, float[]> lists = Map.of(
                "rope_factors_long.weight", new float[] {4, 4, 4},
                "rope_factors_short.weight", new float[] {2, 2, 2});
        GgufPositions read = GgufPositions.read(
                llama("rope.scaling.type", "longrope", "rope.scaling.original_context_length", 1024), lists);
        assertThat(read.full().frequencies(1024).radiansPerToken(0)).isEqualTo(0.5);
        assertThat(read.full().frequencies(1025).radiansPerToken(0)).isEqualTo(0.25);
        assertThat(read.tensors()).containsExactly("rope_factors_long.weight", "rope_factors_short.weight");
    }

    @Test
    void layersWithAWindowHaveABaseOfTheirOwnInGemma3Alone() {
        GgufPositions gemma = GgufPositions.read(
                of("gemma3", "rope.freq_base", 1e6, "rope.scaling.type", "linear", "rope.scaling.factor", 8), Map.of());
        assertThat(gemma.architecture().layout()).isEqualTo(PairLayout.HALF_SPLIT);
        assertThat(gemma.full().scaling()).isEqualTo(new LinearScaling(8));
        assertThat(gemma.sliding().shape().base()).isEqualTo(10_000);
        assertThat(gemma.sliding().scaling()).isEqualTo(new NoScaling());
        GgufPositions qwen = GgufPositions.read(of("qwen3", "rope.freq_base", 1e6), Map.of());
        assertThat(qwen.sliding()).isEqualTo(qwen.full());
        assertThat(qwen.architecture().layout()).isEqualTo(PairLayout.HALF_SPLIT);
    }

    @Test
    void whatCanNotBeIsRefusedByName() {
        refused(
                llama("rope.scaling.type", "\u001b[31mred\u202e"),
                "key 'llama.rope.scaling.type' must be one of [none, linear, yarn, longrope], was"
                        + " '\\u001b[31mred\\u202e'");
        refused(of("phi4"), "general.architecture 'phi4' is unknown; known: llama, qwen2, qwen3, gemma3");
        refused(Map.of("general.architecture", 3), "key 'general.architecture' must be a string, was 3");
        refused(
                Map.of("general.architecture", "llama", "llama.rope.dimension_count", 8),
                "key 'llama.context_length' must be there, was absent");
        refused(
                llama("rope.scaling.type", "llama3"),
                "key 'llama.rope.scaling.type' must be one of [none, linear, yarn, longrope], was 'llama3'");
        refused(llama("rope.freq_base", "x"), "key 'llama.rope.freq_base' must be a finite number, was 'x'");
        refused(llama("rope.freq_base", 1), "key 'llama.rope.freq_base' must be above 1, was 1.0");
        refused(llama("rope.scaling.factor", -1), "key 'llama.rope.scaling.factor' must be above 0, was -1.0");
        refused(
                llama("rope.dimension_count", 7),
                "key 'llama.rope.dimension_count' must be even and at least 2, was 7");
        refused(llama("context_length", 0.5), "key 'llama.context_length' must be a whole number below 2^31, was 0.5");
        refused(
                llama("rope.scaling.original_context_length", -1),
                "key 'llama.rope.scaling.original_context_length' must be at least 0, was -1");
    }

    @Test
    void tensorsThatNothingReadsOrThatDoNotFitAreRefused() {
        Map<String, float[]> ones = Map.of("rope_freqs.weight", new float[] {1, 1, 1});
        refused(
                of("qwen2"),
                ones,
                "tensor 'rope_freqs.weight' must be one that architecture 'qwen2' has, was one that nothing reads");
        refused(
                llama("rope.scaling.type", "longrope"),
                ones,
                "tensor 'rope_freqs.weight' must be one that architecture 'llama' has, was one that nothing reads");
        refused(
                llama(),
                Map.of("rope_freqs.weight", new float[2]),
                "tensor 'rope_freqs.weight' must be 3 values, was 2");
        refused(
                llama(),
                Map.of("rope_freqs.weight", new float[3]),
                "tensor 'rope_freqs.weight' must hold finite numbers above 0, was 0.0");
    }

    private static void refused(Map<String, Object> metadata, String message) {
        refused(metadata, Map.of(), message);
    }

    private static void refused(Map<String, Object> metadata, Map<String, float[]> tensors, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GgufPositions.read(metadata, tensors))
                .withMessage(message);
    }
}
