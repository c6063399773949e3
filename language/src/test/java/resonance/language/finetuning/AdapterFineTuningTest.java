package resonance.language.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterRole;
import resonance.language.RandomGguf;
import resonance.language.finetuning.FineTuningRecord.ValidationLoss;
import resonance.language.pretraining.SmallPretraining;
import resonance.model.Model;
import resonance.model.reading.ModelReader;
import resonance.rope.PairLayout;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.training.ActivationMemory;

/** Low-rank adapters, merged into a model and apart from it. */
class AdapterFineTuningTest {
    private static final int RANK = 4;
    private static final double ALPHA = 6;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path shared;

    @SuppressWarnings("NullAway.Init")
    static List<Path> texts;

    @SuppressWarnings("NullAway.Init")
    static Path model;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeAll
    static void pretrain() throws IOException {
        texts = SmallPretraining.texts(shared);
        model = SmallFineTuning.model(shared, texts);
    }

    private FineTuning tuning(Model opened, boolean apart, Path out) throws IOException {
        return new FineTuning(
                opened,
                new FineTuningSettings(
                        SmallFineTuning.encoding(opened.positions(), "yarn"),
                        SmallFineTuning.recipe(PositionScheme.LONG, SmallFineTuning.LENGTH),
                        Optional.of(new AdapterSettings(
                                new LowRankAdapters(RANK, ALPHA, Set.of(ParameterRole.QUERY, ParameterRole.DOWN), 3),
                                apart)),
                        false,
                        0.1,
                        2_000,
                        10,
                        5,
                        ActivationMemory.Choice.BY_SIZE,
                        PrecisionChoice.asked(Precision.FLOAT32),
                        1),
                new FineTuningData(texts, "text"),
                SmallFineTuning.output(out),
                SmallPretraining.provenance());
    }

    private FineTuningRecord run(boolean apart, Path out) throws IOException {
        try (Model opened = ModelReader.open(model)) {
            return tuning(opened, apart, out)
                    .run(new FineTuningListener() {}, () -> false)
                    .orElseThrow();
        }
    }

    private static float[] values(Model model, Parameter parameter) {
        float[] values = new float[(int) parameter.size()];
        model.weights().read(parameter, 0, values.length, values, 0);
        return values;
    }

    /** A tensor of float32 in a safetensors file. */
    private static float[] tensor(Path file, String name, int... shape) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong();
        JsonNode entry = new ObjectMapper().readTree(bytes.array(), 8, header).get(name);
        assertThat(entry).as(name).isNotNull();
        assertThat(entry.get("shape").toString())
                .isEqualTo(Arrays.toString(shape).replace(" ", ""));
        float[] values = new float[Arrays.stream(shape).reduce(1, (product, size) -> product * size)];
        bytes.position(8 + header + entry.at("/data_offsets/0").asInt());
        bytes.asFloatBuffer().get(values);
        return values;
    }

    @Test
    void anAdapterApartIsTheDifferenceThatMergingMakes() throws IOException {
        Path merged = folder.resolve("merged");
        Path apart = folder.resolve("apart");
        FineTuningRecord whole = run(false, merged);
        FineTuningRecord beside = run(true, apart);
        assertThat(beside.trainingCurve()).isEqualTo(whole.trainingCurve());
        assertThat(beside.trainedParameters()).isEqualTo(2L * RANK * (16 + 16 + 24 + 16));
        assertThat(beside.after().get(1).loss())
                .isLessThan(beside.before().get(1).loss() - 0.005);

        JsonNode config =
                new ObjectMapper().readTree(apart.resolve("adapter_config.json").toFile());
        assertThat(config.get("r").asInt()).isEqualTo(RANK);
        assertThat(config.get("lora_alpha").asDouble()).isEqualTo(ALPHA);
        assertThat(config.get("target_modules").toString()).isEqualTo("[\"q_proj\",\"down_proj\"]");
        assertThat(config.get("base_model_name_or_path").asText()).isEqualTo(model.toString());
        assertThat(new ObjectMapper()
                        .readTree(apart.resolve("config.json").toFile())
                        .at("/rope_scaling/rope_type")
                        .asText())
                .isEqualTo("longrope");
        assertThat(apart).isDirectoryNotContaining("glob:**/model.safetensors");
        assertThat(apart.resolve("README.md")).content().contains("model = PeftModel.from_pretrained(base, HERE)");
        try (Model opened = ModelReader.open(model)) {
            assertThatThrownBy(() -> SmallFineTuning.replacing(opened, texts, apart))
                    .hasMessage(apart
                            + ": folder must hold no other kind of model, holds adapter_config.json; name another");
        }

        Path file = apart.resolve("adapter_model.safetensors");
        try (Model before = ModelReader.open(model);
                Model after = ModelReader.open(merged)) {
            for (Parameter parameter : before.description().decoder().parameters()) {
                float[] old = values(before, parameter);
                float[] merging = values(after, parameter);
                boolean query = parameter.role() == ParameterRole.QUERY;
                if (!query && parameter.role() != ParameterRole.DOWN) {
                    assertThat(merging).as(parameter.name()).isEqualTo(old);
                    continue;
                }
                int out = Math.toIntExact(parameter.shape().get(0));
                int in = parameter.columns();
                String name = "base_model.model.model.layers." + parameter.layer()
                        + (query ? ".self_attn.q_proj" : ".mlp.down_proj");
                float[] first = tensor(file, name + ".lora_A.weight", RANK, in);
                float[] second = tensor(file, name + ".lora_B.weight", out, RANK);
                if (query) { // the file has halves, our weights pairs side by side
                    second = PairLayout.reorderRows(
                            second, RANK, PairLayout.INTERLEAVED.sourceRows(PairLayout.HALF_SPLIT, 2, 8, 8));
                }
                for (int i = 0; i < out * in; i++) {
                    double sum = old[i];
                    for (int r = 0; r < RANK; r++) {
                        sum += ALPHA / RANK * second[i / in * RANK + r] * first[r * in + i % in];
                    }
                    // bfloat16 has 8 bits.
                    assertThat((double) merging[i]).isCloseTo(sum, within(Math.abs(sum) / 256 + 1e-6));
                }
            }
        }
    }

    /** GPT-2's byte-level tokens and one that is merged. */
    private static List<String> byteTokens() {
        String[] tokens = new String[RandomGguf.VOCABULARY];
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean prints = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
            tokens[value] = String.valueOf((char) (prints ? value : next++));
        }
        for (int id = 256; id < tokens.length; id++) {
            tokens[id] = id == 257 ? "th" : "<unused" + id + ">";
        }
        return List.of(tokens);
    }

    private Path gguf(String architecture) throws IOException {
        return new RandomGguf(architecture, 5)
                .with(writer -> writer.putString("tokenizer.ggml.model", "gpt2")
                        .putString("tokenizer.ggml.pre", "gpt-2")
                        .putStrings("tokenizer.ggml.tokens", byteTokens())
                        .putStrings("tokenizer.ggml.merges", List.of("t h"))
                        .putUint32("tokenizer.ggml.eos_token_id", 256))
                .write(Files.createDirectories(folder.resolve(architecture)).resolve("model.gguf"));
    }

    @Test
    void aGgufFileBecomesOneAndHasNoAdapterApart() throws IOException {
        for (String architecture : List.of("llama", "qwen2")) {
            Path source = gguf(architecture);
            Path out = folder.resolve(architecture + "-out");
            FineTuningRecord record;
            try (Model opened = ModelReader.open(source)) {
                record = SmallFineTuning.of(
                                opened,
                                SmallFineTuning.recipe(PositionScheme.SKIP_WISE, SmallFineTuning.LENGTH),
                                texts,
                                out)
                        .run(new FineTuningListener() {}, () -> false)
                        .orElseThrow();
            }
            assertThat(record.after())
                    .extracting(ValidationLoss::loss)
                    .allMatch(loss -> loss < record.before().get(0).loss() - 1);
            try (Model written = ModelReader.open(out)) {
                assertThat(written.path().getFileName()).hasToString("model.gguf");
                assertThat(written.description().rope().maximumLength()).isEqualTo(4 * 128);
            }
        }
        try (Model opened = ModelReader.open(gguf("llama"))) {
            assertThatThrownBy(() -> tuning(opened, true, folder.resolve("unused")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("adapter apart must go with a Hugging Face folder, whose adapters PEFT reads, was given"
                            + " with " + opened.path() + "; take adapter merged");
        }
    }
}
