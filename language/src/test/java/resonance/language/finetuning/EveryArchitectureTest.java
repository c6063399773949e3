package resonance.language.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.ParameterRole;
import resonance.language.pretraining.BytePairVocabulary;
import resonance.language.pretraining.SmallPretraining;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.reading.ModelReader;
import resonance.rope.ScalingSettings;
import resonance.serving.export.ServedEncoding;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.training.ActivationMemory;

/** The random models of two and three layers that transformers made, with a tokenizer of letters. */
class EveryArchitectureTest {
    private static final Path MODELS = Path.of("src/test/resources/resonance/language/tiny-models");
    private static final int LENGTH = 64;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path model(String name) throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(MODELS.resolve(name))) {
            for (Path file : files) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        List<String> tokens = new ArrayList<>(List.of(BytePairVocabulary.SEPARATOR, "\u0120"));
        for (char letter = 'a'; letter <= 'z'; letter++) {
            tokens.add(String.valueOf(letter));
        }
        Files.writeString(model.resolve("tokenizer.json"), new BytePairVocabulary(tokens, List.of()).toTokenizerJson());
        return model;
    }

    private Path text() throws IOException {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            text.append(random.nextBoolean() ? "abc " : "xyz ");
        }
        return Files.writeString(folder.resolve("text.txt"), text);
    }

    @ParameterizedTest
    @CsvSource({
        "llama,yarn,false",
        "mistral,yarn,false",
        "qwen2,resonance-yarn,false",
        "qwen3,yarn,true",
        "gemma3,model,false",
        "gemma3,model,true",
        "llama-yarn,model,true"
    })
    void learnsAndIsWritten(String name, String encoding, boolean adapted) throws IOException {
        Path out = folder.resolve("out");
        FineTuningRecord record;
        try (Model opened = ModelReader.open(model(name))) {
            EncodingChoice choice = EncodingChoice.of(encoding, ScalingSettings.ofFactor(4));
            FineTuningSettings settings = new FineTuningSettings(
                    ServedEncoding.of(opened.positions(), choice, LENGTH),
                    SmallFineTuning.recipe(PositionScheme.LONG, LENGTH),
                    adapted
                            ? Optional.of(new AdapterSettings(
                                    new LowRankAdapters(
                                            8,
                                            16,
                                            Set.of(ParameterRole.VALUE, ParameterRole.UP, ParameterRole.DOWN),
                                            1),
                                    false))
                            : Optional.empty(),
                    false,
                    0.2,
                    1_000,
                    100,
                    1,
                    ActivationMemory.Choice.BY_SIZE,
                    PrecisionChoice.asked(Precision.FLOAT32),
                    1);
            record = new FineTuning(
                            opened,
                            settings,
                            new FineTuningData(List.of(text()), "text"),
                            SmallFineTuning.output(out),
                            SmallPretraining.provenance())
                    .run(new FineTuningListener() {}, () -> false)
                    .orElseThrow();
        }
        int last = record.before().size() - 1;
        assertThat(record.after().get(last).loss())
                .isLessThan(record.before().get(last).loss() - 0.05);
        try (Model written = ModelReader.open(out)) {
            assertThat(written.description().rope().maximumLength()).isGreaterThanOrEqualTo(LENGTH);
        }
    }
}
