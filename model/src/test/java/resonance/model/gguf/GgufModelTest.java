package resonance.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static resonance.model.gguf.TinyGguf.HEADS;
import static resonance.model.gguf.TinyGguf.HEAD_SIZE;
import static resonance.model.gguf.TinyGguf.LAYERS;
import static resonance.model.gguf.TinyGguf.VOCABULARY;
import static resonance.model.gguf.TinyGguf.WIDTH;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.decoder.FeedForwardKind;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterRole;
import resonance.decoder.WeightSource;
import resonance.model.Architecture;
import resonance.model.ModelDescription;
import resonance.model.ModelFormatException;
import resonance.model.tokenizer.GgufVocabulary;

class GgufModelTest {
    @Test
    void describesEveryArchitecture(@TempDir Path folder) {
        for (Architecture architecture :
                List.of(Architecture.LLAMA, Architecture.QWEN2, Architecture.QWEN3, Architecture.GEMMA3)) {
            ModelDescription model = open(folder, architecture.label()).description();
            boolean gemma = architecture == Architecture.GEMMA3;
            assertThat(model.architecture()).isEqualTo(architecture);
            assertThat(model.name()).isEqualTo("tiny " + architecture.label());
            assertThat(model.decoder().vocabularySize()).isEqualTo(VOCABULARY);
            assertThat(model.decoder().width()).isEqualTo(WIDTH);
            assertThat(model.decoder().layers()).isEqualTo(LAYERS);
            assertThat(model.decoder().attention().heads()).isEqualTo(HEADS);
            assertThat(model.decoder().attention().keyValueHeads()).isEqualTo(TinyGguf.KEY_VALUE_HEADS);
            assertThat(model.decoder().attention().headSize()).isEqualTo(HEAD_SIZE);
            assertThat(model.decoder().feedForward().width()).isEqualTo(TinyGguf.FEED_FORWARD);
            assertThat(model.decoder().feedForward().kind())
                    .isEqualTo(gemma ? FeedForwardKind.GEGLU : FeedForwardKind.SWIGLU);
            assertThat(model.decoder().attention().bias()).isEqualTo(architecture == Architecture.QWEN2);
            assertThat(model.decoder().norms().queryKey()).isEqualTo(gemma || architecture == Architecture.QWEN3);
            assertThat(model.decoder().norms().post()).isEqualTo(gemma);
            assertThat(model.decoder().embedding().tied()).isTrue();
            assertThat(model.decoder().norms().epsilon()).isEqualTo(1e-6f);
            assertThat(model.decoder().attention().logitScale()).isCloseTo(1 / Math.sqrt(HEAD_SIZE), within(1e-16));
            assertThat(model.decoder().embedding().scale()).isEqualTo(gemma ? (float) Math.sqrt(WIDTH) : 1);
            assertThat(model.decoder().windows()).containsExactly(gemma ? 16 : 0, gemma ? 16 : 0);
        }
    }

    @Test
    void aNameWithoutControlCharactersIsTheModelsElseTheFiles(@TempDir Path folder) {
        GgufWriter writer = TinyGguf.writer("llama").putString("general.name", " a\u001b[31m b\u202e ");
        assertThat(TinyGguf.open(writer, folder).description().name()).isEqualTo("a[31m b");
        writer.putString("general.name", "x".repeat(1000));
        assertThat(TinyGguf.open(writer, folder).description().name()).isEqualTo("x".repeat(200));
        GgufModel unnamed = TinyGguf.open(writer.putString("general.name", ""), folder);
        assertThat(unnamed.description().name())
                .isEqualTo(String.valueOf(unnamed.path().getFileName()));
    }

    @Test
    void everySixthLayerOfGemmaSeesEverything(@TempDir Path folder) {
        ModelDescription model =
                TinyGguf.open(TinyGguf.writer("gemma3", 7), folder).description();
        assertThat(model.decoder().windows()).containsExactly(16, 16, 16, 16, 16, 0, 16);
        GgufWriter writer = TinyGguf.writer("gemma3", 4).putUint32("gemma3.attention.sliding_window_pattern", 2);
        assertThat(TinyGguf.open(writer, folder).description().decoder().windows())
                .containsExactly(16, 0, 16, 0);
    }

    @Test
    void theLargestGemmaScalesItsLogitsByItsWidth(@TempDir Path folder) {
        ModelDescription model =
                TinyGguf.open(TinyGguf.writer("gemma3", 62), folder).description();
        assertThat(model.decoder().attention().logitScale()).isEqualTo(1 / Math.sqrt((double) WIDTH / HEADS));
    }

    @Test
    void llamaRowsStayAndOthersRowsAreInterleaved(@TempDir Path folder) {
        int[] order = {0, 3, 1, 4, 2, 5};
        for (String architecture : List.of("llama", "qwen2", "qwen3", "gemma3")) {
            GgufModel model = open(folder, architecture);
            for (ParameterRole tensor : List.of(ParameterRole.QUERY, ParameterRole.KEY)) {
                String stored = tensor == ParameterRole.QUERY ? "blk.1.attn_q.weight" : "blk.1.attn_k.weight";
                float[] rows = read(model, tensor, 1);
                float[] expected = TinyGguf.values(stored, rows.length);
                for (int row = 0; row < rows.length / WIDTH; row++) {
                    int from =
                            architecture.equals("llama") ? row : row / HEAD_SIZE * HEAD_SIZE + order[row % HEAD_SIZE];
                    assertThat(Arrays.copyOfRange(rows, row * WIDTH, row * WIDTH + WIDTH))
                            .as("%s %s row %d", architecture, tensor, row)
                            .isEqualTo(Arrays.copyOfRange(expected, from * WIDTH, from * WIDTH + WIDTH));
                }
            }
            assertThat(read(model, ParameterRole.VALUE, 1))
                    .isEqualTo(TinyGguf.values("blk.1.attn_v.weight", HEAD_SIZE * WIDTH));
        }
    }

    @Test
    void biasesAndHeadNormsAreInterleavedLikeTheRows(@TempDir Path folder) {
        GgufModel biased = open(folder, "qwen2");
        assertThat(read(biased, ParameterRole.QUERY_BIAS, 0))
                .isEqualTo(interleaved(TinyGguf.values("blk.0.attn_q.bias", HEADS * HEAD_SIZE)));
        assertThat(read(biased, ParameterRole.KEY_BIAS, 0))
                .isEqualTo(interleaved(TinyGguf.values("blk.0.attn_k.bias", HEAD_SIZE)));
        assertThat(read(biased, ParameterRole.VALUE_BIAS, 0))
                .isEqualTo(TinyGguf.values("blk.0.attn_v.bias", HEAD_SIZE));
        for (String architecture : List.of("qwen3", "gemma3")) {
            GgufModel normed = open(folder, architecture);
            assertThat(read(normed, ParameterRole.QUERY_NORM, 0))
                    .isEqualTo(interleaved(TinyGguf.values("blk.0.attn_q_norm.weight", HEAD_SIZE)));
            assertThat(read(normed, ParameterRole.KEY_NORM, 0))
                    .isEqualTo(interleaved(TinyGguf.values("blk.0.attn_k_norm.weight", HEAD_SIZE)));
        }
    }

    @Test
    void otherParametersAreTheTensorsTheyAreCalledAfter(@TempDir Path folder) {
        GgufWriter writer = TinyGguf.writer("gemma3");
        TinyGguf.addFloats(writer, "output.weight", WIDTH, VOCABULARY);
        GgufModel model = TinyGguf.open(writer, folder);
        assertThat(model.description().decoder().embedding().tied()).isFalse();
        assertThat(model.description().decoder().parameters()).hasSize(3 + LAYERS * 13);
        Map<ParameterRole, String> tensors = Map.ofEntries(
                Map.entry(ParameterRole.EMBEDDING, "token_embd.weight"),
                Map.entry(ParameterRole.ATTENTION_NORM, "blk.1.attn_norm.weight"),
                Map.entry(ParameterRole.ATTENTION_OUTPUT, "blk.1.attn_output.weight"),
                Map.entry(ParameterRole.ATTENTION_POST_NORM, "blk.1.post_attention_norm.weight"),
                Map.entry(ParameterRole.FEED_FORWARD_NORM, "blk.1.ffn_norm.weight"),
                Map.entry(ParameterRole.GATE, "blk.1.ffn_gate.weight"),
                Map.entry(ParameterRole.UP, "blk.1.ffn_up.weight"),
                Map.entry(ParameterRole.DOWN, "blk.1.ffn_down.weight"),
                Map.entry(ParameterRole.FEED_FORWARD_POST_NORM, "blk.1.post_ffw_norm.weight"),
                Map.entry(ParameterRole.FINAL_NORM, "output_norm.weight"),
                Map.entry(ParameterRole.HEAD, "output.weight"));
        tensors.forEach((role, tensor) -> {
            float[] values = read(model, role, role.inLayers() ? 1 : Parameter.NO_LAYER);
            assertThat(values).as(tensor).isEqualTo(TinyGguf.values(tensor, values.length));
        });
    }

    @Test
    void chunksOfWholeRowsGiveTheSameAsOneRead(@TempDir Path folder) {
        GgufModel model = open(folder, "qwen3");
        for (Parameter parameter : model.description().decoder().parameters()) {
            float[] whole = read(model, parameter.role(), parameter.layer());
            // Three rows of 8 or two of 12.
            int step = whole.length > 24 ? 24 : 1;
            float[] pieces = new float[whole.length + 1];
            for (int from = 0; from < whole.length; from += step) {
                model.weights().read(parameter, from, Math.min(step, whole.length - from), pieces, from + 1);
            }
            assertThat(Arrays.copyOfRange(pieces, 1, pieces.length))
                    .as(parameter.name())
                    .isEqualTo(whole);
        }
    }

    @Test
    void quantisedRowsAreInterleavedToo(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("quantised.gguf");
        new GgufWriter()
                .addTensor("q", List.of(32L, 4L), GgmlType.Q4_0, out -> {
                    // Zero quants are -8 times the scale, a half: 1, 2, 3 and 4.
                    for (int scale : new int[] {0x3c, 0x40, 0x42, 0x44}) {
                        out.write(0);
                        out.write(scale);
                        out.write(new byte[16]);
                    }
                })
                .write(path);
        GgufFile file = GgufFile.open(path);
        GgufTensor tensor = file.tensor("q").orElseThrow();
        Parameter query = new Parameter(ParameterRole.QUERY, 0, List.of(4L, 32L));
        float[] rows = new float[4 * 32];
        new GgufWeights(file, Map.of(query, new GgufParameters.Source(tensor, 4))).read(query, 0, rows.length, rows, 0);
        for (int row = 0; row < 4; row++) {
            float[] expected = new float[32];
            Arrays.fill(expected, new float[] {-8, -24, -16, -32}[row]);
            assertThat(Arrays.copyOfRange(rows, 32 * row, 32 * row + 32)).isEqualTo(expected);
        }
    }

    @Test
    void handsItsVocabularyToTheTokenizer(@TempDir Path folder) {
        GgufVocabulary vocabulary = open(folder, "llama").vocabulary();
        assertThat(vocabulary.model()).isEqualTo("gpt2");
        assertThat(vocabulary.pre()).isEqualTo("smollm");
        assertThat(vocabulary.tokens()).containsExactly("a", "b", "ab", "Ġ", "<end>");
        assertThat(vocabulary.types()).containsExactly(1, 1, 1, 1, 3);
        assertThat(vocabulary.merges()).containsExactly("a b");
        assertThat(vocabulary.scores()).isEmpty();
        assertThat(vocabulary.beginning()).isEmpty();
        assertThat(vocabulary.end()).isEqualTo(OptionalInt.of(4));
        assertThat(vocabulary.addBeginning()).isFalse();
        assertThat(vocabulary.addSpacePrefix()).isTrue();
    }

    @Test
    void theDigestIsThatOfTheFile(@TempDir Path folder) throws Exception {
        GgufModel model = open(folder, "llama");
        byte[] bytes = Files.readAllBytes(model.path());
        assertThat(model.sha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }

    @Test
    void refusesWhatIsNotKnownByName(@TempDir Path folder) {
        assertRefused(
                folder,
                writer -> writer.putString("general.architecture", "mamba"),
                "key 'general.architecture' must be one of llama, qwen2, qwen3, gemma3, was 'mamba'");
        assertRefused(
                folder,
                writer -> writer.putUint32("split.count", 3),
                "key 'split.count' must be 1, was 3: this is one part of a model; join the parts with"
                        + " llama-gguf-split --merge");
        assertRefused(
                folder,
                writer -> writer.putString("general.type", "adapter"),
                "key 'general.type' must be 'model', was 'adapter'");
        assertRefused(
                folder,
                writer -> writer.putUint32("llama.expert_count", 8),
                "key 'llama.expert_count' must be 0: mixtures of experts are not read, was 8");
        assertRefused(
                folder,
                writer -> writer.putUint32("llama.rope.dimension_count", 4),
                "key 'llama.rope.dimension_count' must be attention.key_length (6), was 4");
        assertRefused(
                folder,
                writer -> TinyGguf.addFloats(writer, "blk.0.attn_output.bias", WIDTH),
                "tensor 'blk.0.attn_output.bias' must be one that architecture 'llama' has,"
                        + " was one that nothing reads");
    }

    @Test
    void refusesNumbersThatDoNotFitTogether(@TempDir Path folder) {
        assertRefused(
                folder,
                writer -> writer.putUint32("llama.block_count", 3),
                "tensor 'blk.2.attn_norm.weight' must be there, was absent");
        assertRefused(
                folder,
                writer -> writer.putUint32("llama.block_count", 1_000_000_000),
                "key 'llama.block_count' must be from 1 to 512, was 1000000000");
        assertRefused(
                folder,
                writer -> writer.putUint32("llama.embedding_length", 16),
                "tensor 'token_embd.weight' must have sizes [16, 5], was [8, 5]");
        assertRefused(
                folder,
                writer -> writer.putUint32("llama.attention.head_count_kv", 3),
                "key 'llama.attention.head_count_kv' must divide head_count (2), was 3");
        assertRefused(
                folder,
                writer -> writer.putInt32s("llama.attention.head_count", 2, 1),
                "key 'llama.attention.head_count' must be the same in every layer, was 2 and 1");
        assertRefused(
                folder,
                writer -> writer.putStrings("tokenizer.ggml.tokens", List.of("a")),
                "key 'tokenizer.ggml.tokens' must have as many tokens as token_embd.weight has rows (5), was 1");
        assertRefused(
                folder,
                writer -> writer.putFloat32("llama.attention.layer_norm_rms_epsilon", -1),
                "key 'llama.attention.layer_norm_rms_epsilon' must be at least 0, was -1.0");
    }

    @Test
    void aNormEpsilonOfZeroIsReadAsInLlamaCpp(@TempDir Path folder) {
        GgufWriter writer = TinyGguf.writer("llama").putFloat32("llama.attention.layer_norm_rms_epsilon", 0);
        assertThat(TinyGguf.open(writer, folder).description().decoder().norms().epsilon())
                .isZero();
    }

    @Test
    void refusesReadsThatAreNoWholeRows(@TempDir Path folder) {
        GgufModel model = open(folder, "qwen2");
        WeightSource weights = model.weights();
        Parameter query = model.description().decoder().parameter(ParameterRole.QUERY, 0);
        Parameter norm = model.description().decoder().parameter(ParameterRole.FINAL_NORM);
        Parameter absent = new Parameter(ParameterRole.QUERY, 9, query.shape());
        assertThatThrownBy(() -> weights.read(query, 4, 8, new float[8], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("elements of layer.0.attention.query must be whole rows of 8, was 8 from 4 on");
        assertThatThrownBy(() -> weights.read(norm, 4, 5, new float[8], 0))
                .hasMessage("elements of finalNorm must be from 0 to 8, was 5 from 4 on");
        assertThatThrownBy(() -> weights.read(absent, 0, 8, new float[8], 0))
                .hasMessage("parameter must be one of " + model.path() + ", was " + absent);
    }

    @Test
    void aTokenOutsideTheVocabularyIsAnError(@TempDir Path folder) {
        GgufModel model = TinyGguf.open(TinyGguf.writer("llama").putUint32("tokenizer.ggml.bos_token_id", 5), folder);
        assertThatThrownBy(model::vocabulary)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith("key 'tokenizer.ggml.bos_token_id' must be a token from 0 to 4, was 5");
    }

    private static GgufModel open(Path folder, String architecture) {
        return TinyGguf.open(TinyGguf.writer(architecture), folder);
    }

    private static float[] read(GgufModel model, ParameterRole role, int layer) {
        Parameter parameter = model.description().decoder().parameter(role, layer);
        float[] values = new float[(int) parameter.size()];
        model.weights().read(parameter, 0, values.length, values, 0);
        return values;
    }

    private static float[] interleaved(float[] halves) {
        float[] interleaved = new float[halves.length];
        int half = HEAD_SIZE / 2;
        for (int i = 0; i < halves.length; i++) {
            int within = i % HEAD_SIZE;
            int from = within % 2 == 0 ? within / 2 : half + within / 2;
            interleaved[i] = halves[i - within + from];
        }
        return interleaved;
    }

    private static void assertRefused(Path folder, Consumer<GgufWriter> change, String message) {
        GgufWriter writer = TinyGguf.writer("llama");
        change.accept(writer);
        assertThatThrownBy(() -> TinyGguf.open(writer, folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith(".gguf: " + message);
    }
}
