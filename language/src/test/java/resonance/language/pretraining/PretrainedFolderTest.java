package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.decoder.ParameterLayout;
import resonance.model.Architecture;
import resonance.model.Model;
import resonance.model.ModelDescription;
import resonance.model.reading.ModelReader;
import resonance.study.WrittenFiles;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.Initialisation;

class PretrainedFolderTest {
    private static final PretrainedShape SHAPE = SmallPretraining.SHAPE;

    @Test
    void theFolderReadsBackAsTheModelThatWasTrained(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("model");
        PretrainingRecord record = SmallPretraining.pretraining(out, SmallPretraining.texts(folder))
                .run(new PretrainingListener() {}, () -> false)
                .orElseThrow();

        try (Model model = ModelReader.open(out)) {
            ModelDescription description = model.description();
            assertThat(description.architecture()).isEqualTo(Architecture.LLAMA);
            assertThat(description.decoder()).isEqualTo(SHAPE.decoderConfig(record.vocabularySize()));
            assertThat(model.tokenizer().vocabularySize()).isEqualTo(record.vocabularySize());
            assertThat(model.tokenizer().beginningOfSequence()).isEmpty();
            assertThat(model.tokenizer().endOfSequence()).containsExactly(0);
            String text = "the cat saw 1850 dogs.\n\nÉté 日本";
            assertThat(model.tokenizer().decode(model.tokenizer().encode(text))).isEqualTo(text);
        }
    }

    @Test
    void weightsComeBackRoundedAndInInterleavedPairs(@TempDir Path folder) throws IOException {
        try (Decoder decoder = Decoder.initialise(
                SHAPE.decoderConfig(SHAPE.vocabularySize()), Initialisation.T5, 3, ComputeDevice.CPU)) {
            write(folder, decoder);
            float[] expected = PretrainedFolder.rounded(decoder.parameters());

            try (Model model = ModelReader.open(folder)) {
                for (ParameterLayout.Entry entry : decoder.layout().entries()) {
                    float[] read = new float[Math.toIntExact(entry.parameter().size())];
                    model.weights().read(entry.parameter(), 0, read.length, read, 0);

                    assertThat(read).as(entry.parameter().name()).isEqualTo(entry.of(expected));
                }
            }
        }
    }

    @Test
    void roundsToTheNearestOfEightBitsAndTiesToEven() {
        float[] values = {1, 1 + 1f / 128, 1 + 1f / 256, 1 + 3f / 256, 1 + 1.5f / 256, -1 - 1f / 256};

        assertThat(PretrainedFolder.rounded(values))
                .containsExactly(1, 1 + 1f / 128, 1, 1 + 2f / 128, 1 + 1f / 128, -1);
    }

    @Test
    void theConfigurationIsWhatBothTransformersLayoutsRead(@TempDir Path folder) throws IOException {
        try (Decoder decoder =
                Decoder.initialise(SHAPE.decoderConfig(300), Initialisation.SMALL_NORMAL, 3, ComputeDevice.CPU)) {
            write(folder, decoder);
        }

        JsonNode config =
                new ObjectMapper().readTree(folder.resolve("config.json").toFile());
        JsonNode expected = new ObjectMapper().readTree("""
                        {"architectures": ["LlamaForCausalLM"], "attention_bias": false, "attention_dropout": 0.0,
                         "bos_token_id": 0, "eos_token_id": 0, "head_dim": 8, "hidden_act": "silu", "hidden_size": 16,
                         "initializer_range": 0.02, "intermediate_size": 24, "max_position_embeddings": 16,
                         "mlp_bias": false, "model_type": "llama", "num_attention_heads": 2, "num_hidden_layers": 2,
                         "num_key_value_heads": 1, "pretraining_tp": 1, "rms_norm_eps": 1e-5, "rope_scaling": null,
                         "rope_theta": 10000.0, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
                         "use_cache": true, "vocab_size": 300}
                        """);
        assertThat(config).isEqualTo(expected);
    }

    private static void write(Path folder, Decoder decoder) throws IOException {
        try (PretrainedFolder writer = new PretrainedFolder(WrittenFiles.in(folder, "pretrain", "1"), SHAPE)) {
            writer.writeWeights(decoder, tokenizerJson());
            writer.finish(record(), "card");
        }
    }

    private static String tokenizerJson() {
        BytePairTrainer trainer = new BytePairTrainer();
        for (int i = 0; i < 200; i++) {
            trainer.add("word" + Integer.toString(1000 + i, 36) + Integer.toString(7919 * i, 36));
        }
        return trainer.train(SHAPE.vocabularySize()).toTokenizerJson();
    }

    private static PretrainingRecord record() {
        return new PretrainingRecord(
                SmallPretraining.provenance(),
                SmallPretraining.settings().asMap(),
                1,
                SHAPE.vocabularySize(),
                List.of(),
                "",
                "",
                1,
                1,
                1,
                1,
                1,
                1,
                1,
                List.of(),
                List.of());
    }
}
