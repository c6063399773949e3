package resonance.model.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterRole;
import resonance.model.Architecture;
import resonance.model.Model;
import resonance.model.ModelFormatException;

class HuggingFaceWeightsTest {
    private static final String BLOCK = "model.layers.0.";

    /** Where the rows of one head of four stand in Hugging Face's halves: pairs are (0, 2) and (1, 3). */
    private static final List<Integer> HALVES = List.of(0, 2, 1, 3);

    @Test
    void parametersWithoutPairsAreReadAsTheyAre(@TempDir Path folder) {
        TinyFolder tiny = TinyFolder.llama(folder).write();
        Model model = HuggingFaceModel.open(folder);
        assertThat(TinyFolder.read(model, ParameterRole.EMBEDDING))
                .containsExactly(plain(tiny, "model.embed_tokens.weight", 60));
        assertThat(TinyFolder.read(model, ParameterRole.HEAD)).containsExactly(plain(tiny, "lm_head.weight", 60));
        assertThat(TinyFolder.read(model, ParameterRole.ATTENTION_NORM))
                .containsExactly(plain(tiny, BLOCK + "input_layernorm.weight", 6));
        assertThat(TinyFolder.read(model, ParameterRole.VALUE))
                .containsExactly(plain(tiny, BLOCK + "self_attn.v_proj.weight", 24));
        assertThat(TinyFolder.read(model, ParameterRole.ATTENTION_OUTPUT))
                .containsExactly(plain(tiny, BLOCK + "self_attn.o_proj.weight", 48));
        assertThat(TinyFolder.read(model, ParameterRole.FEED_FORWARD_NORM))
                .containsExactly(plain(tiny, BLOCK + "post_attention_layernorm.weight", 6));
        assertThat(TinyFolder.read(model, ParameterRole.GATE))
                .containsExactly(plain(tiny, BLOCK + "mlp.gate_proj.weight", 48));
        assertThat(TinyFolder.read(model, ParameterRole.UP))
                .containsExactly(plain(tiny, BLOCK + "mlp.up_proj.weight", 48));
        assertThat(TinyFolder.read(model, ParameterRole.DOWN))
                .containsExactly(plain(tiny, BLOCK + "mlp.down_proj.weight", 48));
        assertThat(TinyFolder.read(model, ParameterRole.FINAL_NORM))
                .containsExactly(plain(tiny, "model.norm.weight", 6));
    }

    @Test
    void rowsAndBiasesOfQueriesAndKeysBecomeInterleavedPairs(@TempDir Path folder) {
        TinyFolder tiny = TinyFolder.qwen2(folder).write();
        Model model = HuggingFaceModel.open(folder);
        assertThat(TinyFolder.read(model, ParameterRole.QUERY))
                .containsExactly(tiny.picked(BLOCK + "self_attn.q_proj.weight", 48, HuggingFaceWeightsTest::row));
        assertThat(TinyFolder.read(model, ParameterRole.KEY))
                .containsExactly(tiny.picked(BLOCK + "self_attn.k_proj.weight", 24, HuggingFaceWeightsTest::row));
        assertThat(TinyFolder.read(model, ParameterRole.QUERY_BIAS))
                .containsExactly(tiny.picked(BLOCK + "self_attn.q_proj.bias", 8, HuggingFaceWeightsTest::feature));
        assertThat(TinyFolder.read(model, ParameterRole.KEY_BIAS))
                .containsExactly(tiny.picked(BLOCK + "self_attn.k_proj.bias", 4, HuggingFaceWeightsTest::feature));
        assertThat(TinyFolder.read(model, ParameterRole.VALUE_BIAS))
                .containsExactly(plain(tiny, BLOCK + "self_attn.v_proj.bias", 4));
    }

    @Test
    void everyRunOfWholeRowsIsThatPartOfTheWhole(@TempDir Path folder) {
        Model model = HuggingFaceModel.open(TinyFolder.llama(folder).write().path());
        Parameter query = model.description().decoder().parameter(ParameterRole.QUERY, 0);
        float[] whole = TinyFolder.read(model, query);
        for (int from = 0; from < 8; from++) {
            for (int to = from; to <= 8; to++) {
                float[] part = new float[(to - from) * 6 + 1];
                model.weights().read(query, from * 6L, (to - from) * 6, part, 1);
                assertThat(Arrays.copyOfRange(part, 1, part.length))
                        .as("rows " + from + " to " + to)
                        .containsExactly(Arrays.copyOfRange(whole, from * 6, to * 6));
            }
        }
        assertThatThrownBy(() -> model.weights().read(query, 3, 6, new float[6], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("elements must be whole rows of 6, were 6 from 3");
        Parameter absent = new Parameter(ParameterRole.QUERY, 1, query.shape());
        assertThatThrownBy(() -> model.weights().read(absent, 0, 6, new float[6], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter must be one of the model's, was layer.1.attention.query[8, 6]");
    }

    @Test
    void gemmasNormsAreOneMoreThanTheirWeights(@TempDir Path folder) {
        TinyFolder tiny = TinyFolder.gemma3(folder).write();
        Model model = HuggingFaceModel.open(folder);
        assertThat(TinyFolder.read(model, ParameterRole.ATTENTION_NORM))
                .containsExactly(oneMore(plain(tiny, BLOCK + "input_layernorm.weight", 6)));
        assertThat(TinyFolder.read(model, ParameterRole.ATTENTION_POST_NORM))
                .containsExactly(oneMore(plain(tiny, BLOCK + "post_attention_layernorm.weight", 6)));
        assertThat(TinyFolder.read(model, ParameterRole.FEED_FORWARD_NORM))
                .containsExactly(oneMore(plain(tiny, BLOCK + "pre_feedforward_layernorm.weight", 6)));
        assertThat(TinyFolder.read(model, ParameterRole.FEED_FORWARD_POST_NORM))
                .containsExactly(oneMore(plain(tiny, BLOCK + "post_feedforward_layernorm.weight", 6)));
        assertThat(TinyFolder.read(model, ParameterRole.FINAL_NORM))
                .containsExactly(oneMore(plain(tiny, "model.norm.weight", 6)));
        assertThat(TinyFolder.read(model, ParameterRole.QUERY_NORM))
                .containsExactly(
                        oneMore(tiny.picked(BLOCK + "self_attn.q_norm.weight", 4, HuggingFaceWeightsTest::feature)));
        assertThat(TinyFolder.read(model, ParameterRole.KEY_NORM))
                .containsExactly(
                        oneMore(tiny.picked(BLOCK + "self_attn.k_norm.weight", 4, HuggingFaceWeightsTest::feature)));
        assertThat(model.description().decoder().embedding().tied()).isTrue();
    }

    @Test
    void everyTensorThatIsMissingIsNamed(@TempDir Path folder) {
        for (String tensor : TinyFolder.llama(folder).tensorNames()) {
            TinyFolder.llama(folder).without(tensor).write();
            assertThatThrownBy(() -> HuggingFaceModel.open(folder))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessage("model.safetensors: tensor '" + tensor + "' must be given, was absent");
        }
    }

    @Test
    void everyTensorOfAnotherShapeIsNamed(@TempDir Path folder) {
        for (String tensor : TinyFolder.llama(folder).tensorNames()) {
            TinyFolder.llama(folder).tensor(tensor, 2, 3).write();
            assertThatThrownBy(() -> HuggingFaceModel.open(folder))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageMatching("model.safetensors: tensor '" + tensor
                            + "' must have shape \\[\\d+(, \\d+)?] as the configuration says, had \\[2, 3]");
        }
    }

    @Test
    void tensorsThatNothingReadsAreRefusedButStoredTables(@TempDir Path folder) {
        TinyFolder tiny = TinyFolder.llama(folder)
                .block("self_attn.rotary_emb.inv_freq", 2)
                .write();
        assertThat(HuggingFaceModel.open(folder).description().architecture()).isEqualTo(Architecture.LLAMA);
        tiny.block("self_attn.q_proj.bias", 8).write();
        assertThatThrownBy(() -> HuggingFaceModel.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model.safetensors: tensor 'model.layers.0.self_attn.q_proj.bias' is unknown for a model of"
                        + " architecture llama with this configuration");
    }

    @Test
    void aTiedHeadThatIsStoredMustBeTheEmbedding(@TempDir Path folder) {
        TinyFolder tiny =
                TinyFolder.llama(folder).config("tie_word_embeddings", true).write();
        assertThatThrownBy(() -> HuggingFaceModel.open(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("model.safetensors: tensor 'lm_head.weight' must equal 'model.embed_tokens.weight' where"
                        + " tie_word_embeddings is true, differed; set tie_word_embeddings to false in config.json if"
                        + " the model has a head of its own");
        tiny.without("lm_head.weight").write();
        assertThat(HuggingFaceModel.open(folder).description().decoder().parameters())
                .hasSize(11)
                .extracting(Parameter::role)
                .doesNotContain(ParameterRole.HEAD);
    }

    private static int feature(int i) {
        return i / 4 * 4 + HALVES.get(i % 4);
    }

    private static int row(int i) {
        return feature(i / 6) * 6 + i % 6;
    }

    private static float[] plain(TinyFolder tiny, String tensor, int count) {
        return tiny.picked(tensor, count, i -> i);
    }

    private static float[] oneMore(float[] values) {
        float[] more = values.clone();
        for (int i = 0; i < more.length; i++) {
            more[i] += 1;
        }
        return more;
    }
}
