package resonance.language.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.language.LanguageModel;
import resonance.language.finetuning.FineTuningRecord.ValidationLoss;
import resonance.language.pretraining.SmallPretraining;
import resonance.model.Model;
import resonance.model.reading.ModelReader;
import resonance.rope.LayerFrequencies;
import resonance.rope.RopeFrequencies;
import resonance.study.RecordJson;
import resonance.study.UnfitFolderException;
import resonance.transformer.inference.PassListener;
import resonance.transformer.inference.TokenWindow;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.MachineMemory;
import resonance.transformer.tensor.Precision;
import resonance.transformer.training.TrainingMemory;
import resonance.transformer.training.TrainingProgress;

class FineTuningTest {
    private static final FineTuningListener SILENT = new FineTuningListener() {};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path shared;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    static List<Path> texts;

    @SuppressWarnings("NullAway.Init")
    static Path model;

    @BeforeAll
    static void pretrain() throws IOException {
        texts = SmallPretraining.texts(shared);
        model = SmallFineTuning.model(shared, texts);
    }

    @ParameterizedTest
    @EnumSource(PositionScheme.class)
    void theModelReadsLongTextsBetterAndIsWrittenWithItsEncoding(PositionScheme positions) throws IOException {
        Path out = folder.resolve("out");
        int window = positions == PositionScheme.LONG ? SmallFineTuning.LENGTH : SmallFineTuning.TRAINED_LENGTH;
        FineTuningRecord record;
        try (Model opened = ModelReader.open(model)) {
            record = SmallFineTuning.of(opened, SmallFineTuning.recipe(positions, window), texts, out)
                    .run(SILENT, () -> false)
                    .orElseThrow();
        }
        assertThat(record.before()).extracting(ValidationLoss::length).containsExactly(16, 64);
        ValidationLoss before = record.before().get(1);
        ValidationLoss after = record.after().get(1);
        assertThat(before.longestWindow()).isEqualTo(64);
        assertThat(after.loss()).isLessThan(before.loss() - 0.05);
        assertThat(record.trainedTokens()).isEqualTo(30L * 3 * window);
        assertThat(record.validationCurve())
                .extracting(FineTuningRecord.ValidationPoint::step)
                .containsExactly(10L, 20L);
        assertThat(out)
                .isDirectoryContaining("glob:**/config.json")
                .isDirectoryContaining("glob:**/model.safetensors")
                .isDirectoryContaining("glob:**/tokenizer.json")
                .isDirectoryContaining("glob:**/training.json")
                .isDirectoryNotContaining("glob:**/*.checkpoint");
        assertThat(out.resolve("README.md"))
                .content()
                .contains("| in windows of 64 tokens | ", "| encoding | resonance-yarn |");
        assertThat(RecordJson.read(out.resolve("training.json"), FineTuningRecord.class))
                .isEqualTo(record);
    }

    /** What a user measures on the written files by the encoding that is in them is what training measured last. */
    @Test
    void theWrittenModelHasTheLossOfTheRecord() throws IOException {
        Path out = folder.resolve("out");
        FineTuningRecord record = SmallFineTuning.run(model, texts, out);
        try (LanguageModel written = LanguageModel.open(out, Precision.FLOAT32, 1)) {
            LayerFrequencies own =
                    LayerFrequencies.same(written.description().rope().frequencies(SmallFineTuning.LENGTH));
            FineTuningSettings settings = SmallFineTuning.settings(
                    SmallFineTuning.encoding(SmallFineTuning.positions(), "resonance-yarn"),
                    SmallFineTuning.recipe(PositionScheme.LONG, SmallFineTuning.LENGTH));
            RopeFrequencies trainedWith = settings.encoding().frequencies().full();
            for (int pair = 0; pair < trainedWith.pairs(); pair++) {
                assertThat(own.full().radiansPerToken(pair))
                        .isCloseTo(trainedWith.radiansPerToken(pair), within(1e-6 * trainedWith.radiansPerToken(pair)));
            }
            List<int[]> documents = new ArrayList<>();
            for (Path text : texts) {
                int[] ids = written.tokenizer().encode(Files.readString(text));
                int[] ended = Arrays.copyOf(ids, ids.length + 1); // id 0 ends a text
                documents.add(ended);
            }
            PackedDocuments packed =
                    new PackedDocuments(documents, written.tokenizer().beginningOfSequence(), settings);
            double sum = 0;
            long tokens = 0;
            for (TokenWindow window : packed.validationWindows(SmallFineTuning.LENGTH)) {
                float[][] losses = written.decoder()
                        .negativeLogLikelihoods(new RotaryEncoding(own), List.of(window), PassListener.SILENT);
                for (float loss : losses[0]) {
                    sum += loss;
                }
                tokens += losses[0].length;
            }
            assertThat(tokens).isEqualTo(record.after().get(1).tokens());
            assertThat(sum / tokens).isCloseTo(record.after().get(1).loss(), within(1e-5));
        }
    }

    @Test
    void aStoppedRunGoesOnToTheSameModel() throws IOException {
        FineTuningRecord whole = SmallFineTuning.run(model, texts, folder.resolve("whole"));
        Path parts = folder.resolve("parts");
        AtomicLong steps = new AtomicLong();
        List<Long> started = new ArrayList<>();
        FineTuningListener listener = new FineTuningListener() {
            @Override
            public void stepped(TrainingProgress progress) {
                steps.set(progress.step());
            }

            @Override
            public void trainingStarted(long step, long parameters) {
                started.add(step);
            }
        };
        FineTuningRecord record;
        try (Model opened = ModelReader.open(model)) {
            Recipe recipe = SmallFineTuning.recipe(PositionScheme.LONG, SmallFineTuning.LENGTH);
            FineTuning tuning = SmallFineTuning.of(opened, recipe, texts, parts);
            assertThat(tuning.run(listener, () -> steps.get() == 17)).isEmpty();
            assertThat(parts).isDirectoryNotContaining("glob:**/config.json");
            record = SmallFineTuning.of(opened, recipe, texts, parts)
                    .run(listener, () -> false)
                    .orElseThrow();
        }
        assertThat(started).containsExactly(0L, 17L);
        assertThat(parts.resolve("model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve("model.safetensors"));
        assertThat(record.trainingCurve()).isEqualTo(whole.trainingCurve());
        assertThat(record.validationCurve()).isEqualTo(whole.validationCurve());
        assertThat(record.before()).isEqualTo(whole.before());
        assertThat(record.after()).isEqualTo(whole.after());
    }

    /** Whatever comes between two checkpoints is done again from the earlier one. */
    @Test
    void aKilledRunGoesOnFromItsLastCheckpointToTheSameModel() throws IOException {
        FineTuningRecord whole = SmallFineTuning.run(model, texts, folder.resolve("whole"));
        Path killed = folder.resolve("killed");
        FineTuningListener killing = new FineTuningListener() {
            @Override
            public void stepped(TrainingProgress progress) {
                if (progress.step() == 21) {
                    throw new IllegalStateException("killed");
                }
            }
        };
        FineTuningOutput every = new FineTuningOutput(killed, false, Duration.ZERO, Optional.empty());
        Recipe recipe = SmallFineTuning.recipe(PositionScheme.LONG, SmallFineTuning.LENGTH);
        FineTuningRecord record;
        try (Model opened = ModelReader.open(model)) {
            FineTuningSettings settings =
                    SmallFineTuning.settings(SmallFineTuning.encoding(opened.positions(), "resonance-yarn"), recipe);
            FineTuningData data = new FineTuningData(texts, "text");
            FineTuning first = new FineTuning(opened, settings, data, every, SmallPretraining.provenance());
            assertThatThrownBy(() -> first.run(killing, () -> false)).hasMessage("killed");
            record = new FineTuning(opened, settings, data, every, SmallPretraining.provenance())
                    .run(SILENT, () -> false)
                    .orElseThrow();
        }
        assertThat(killed.resolve("model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve("model.safetensors"));
        assertThat(record.trainingCurve()).isEqualTo(whole.trainingCurve());
    }

    @Test
    void aFinishedModelIsShownAgainAndAnotherIsNotReplaced() throws IOException {
        Path out = folder.resolve("out");
        FineTuningRecord first = SmallFineTuning.run(model, texts, out);
        List<String> said = new ArrayList<>();
        try (Model opened = ModelReader.open(model)) {
            Recipe recipe = SmallFineTuning.recipe(PositionScheme.LONG, SmallFineTuning.LENGTH);
            FineTuningListener listener = new FineTuningListener() {
                @Override
                public void finishedBefore() {
                    said.add("finished before");
                }
            };
            assertThat(SmallFineTuning.of(opened, recipe, texts, out).run(listener, () -> false))
                    .contains(first);
            assertThat(said).containsExactly("finished before");
            Recipe other = SmallFineTuning.recipe(PositionScheme.LONG, SmallFineTuning.TRAINED_LENGTH);
            assertThatThrownBy(
                            () -> SmallFineTuning.of(opened, other, texts, out).run(SILENT, () -> false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(out + ": folder must hold no other model, holds config.json; name another or give"
                            + " replace = true");
        }
    }

    @Test
    void aTrainingThatDoesNotFitIsRefusedWithWhatWould() {
        TrainingMemory memory = new TrainingMemory(1_000_000_000, 2_000_000_000, 500_000_000, 5_700_000_000L, false);
        assertThat(FineTuning.requireRoom(memory, new MachineMemory(9_200_000_000L, 9_200_000_000L)))
                .isEmpty();
        assertThat(FineTuning.requireRoom(memory, new MachineMemory(9_200_000_000L, 9_100_000_000L)))
                .contains(
                        "the training would take about 9.2 GB of memory, of which 9.1 GB are free now; it may be ended"
                                + " in the middle");
        assertThatThrownBy(() -> FineTuning.requireRoom(memory, new MachineMemory(8_000_000_000L, 8_000_000_000L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the training must fit into the machine's memory of 8.0 GB, would take about 9.2 GB; make"
                        + " activations anew (recompute on), train an adapter (lora 16) or take a smaller window");
    }

    @Test
    void filesOfTheUsersAndTheModelItselfAreLeftAlone() throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        Files.writeString(out.resolve("tokenizer.json"), "mine");
        Recipe recipe = SmallFineTuning.recipe(PositionScheme.LONG, SmallFineTuning.LENGTH);
        try (Model opened = ModelReader.open(model)) {
            assertThatThrownBy(() -> SmallFineTuning.of(opened, recipe, texts, out))
                    .isInstanceOf(UnfitFolderException.class)
                    .hasMessage("output folder " + out
                            + ": tokenizer.json must be a file that finetune wrote, is none; move"
                            + " it away or choose another output folder");
            FineTuningOutput onItself = new FineTuningOutput(
                    model, true, SmallFineTuning.output(out).checkpointInterval(), Optional.empty());
            assertThatThrownBy(() -> new FineTuning(
                            opened,
                            SmallFineTuning.settings(SmallFineTuning.encoding(opened.positions(), "yarn"), recipe),
                            new FineTuningData(texts, "text"),
                            onItself,
                            SmallPretraining.provenance()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("folder must be another than the model's, was " + model + "; name another");
        }
        assertThat(out.resolve("tokenizer.json")).hasContent("mine");
    }
}
