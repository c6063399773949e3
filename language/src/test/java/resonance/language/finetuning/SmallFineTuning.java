package resonance.language.finetuning;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import resonance.language.pretraining.PretrainingListener;
import resonance.language.pretraining.SmallPretraining;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.PositionSettings;
import resonance.model.reading.ModelReader;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.rope.huggingface.ModelRope;
import resonance.serving.export.ServedEncoding;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.training.ActivationMemory;
import resonance.transformer.training.WarmUpSchedule;

/** Fine-tunes, in a second, a model that was trained on 16 tokens at a time. */
final class SmallFineTuning {
    static final int TRAINED_LENGTH = SmallPretraining.SHAPE.trainedLength();
    static final int LENGTH = 4 * TRAINED_LENGTH;

    private SmallFineTuning() {}

    /** Trains the model and gives its folder. */
    static Path model(Path folder, List<Path> texts) throws IOException {
        Path model = folder.resolve("pretrained");
        SmallPretraining.pretraining(model, texts).run(new PretrainingListener() {}, () -> false);
        return model;
    }

    /** Positions of a model of these sizes without files. */
    static PositionSettings positions() {
        ModelRope rope = new ModelRope(RopeShape.of(8, 10_000, TRAINED_LENGTH), new NoScaling(), 8, TRAINED_LENGTH);
        return new PositionSettings("llama", rope, rope, List.of(0, 0), 0);
    }

    static ServedEncoding encoding(PositionSettings model, String name) {
        EncodingChoice choice = EncodingChoice.of(name, ScalingSettings.ofFactor(4));
        return ServedEncoding.of(model, choice, 4 * choice.trainedLength(model));
    }

    static Recipe recipe(PositionScheme positions, int window) {
        return new Recipe(positions, window, 30, 3, 5e-3, 0, 0.1, WarmUpSchedule.Decay.LINEAR, OptionalDouble.of(1));
    }

    static FineTuningSettings settings(ServedEncoding encoding, Recipe recipe) {
        return new FineTuningSettings(
                encoding,
                recipe,
                Optional.empty(),
                false,
                0.1,
                2_000,
                10,
                5,
                ActivationMemory.Choice.BY_SIZE,
                PrecisionChoice.asked(Precision.FLOAT32),
                2);
    }

    static FineTuningOutput output(Path folder) {
        return new FineTuningOutput(folder, false, Duration.ofHours(1), Optional.empty());
    }

    static FineTuning of(Model model, Recipe recipe, List<Path> texts, Path out) throws IOException {
        return new FineTuning(
                model,
                settings(encoding(model.positions(), "resonance-yarn"), recipe),
                new FineTuningData(texts, "text"),
                output(out),
                SmallPretraining.provenance());
    }

    /** Of the whole model on real long windows, in the place of what is there. */
    static FineTuning replacing(Model model, List<Path> texts, Path out) throws IOException {
        return new FineTuning(
                model,
                settings(encoding(model.positions(), "yarn"), recipe(PositionScheme.LONG, LENGTH)),
                new FineTuningData(texts, "text"),
                new FineTuningOutput(out, true, Duration.ofHours(1), Optional.empty()),
                SmallPretraining.provenance());
    }

    /** Opens the model, trains it on real long windows and closes it. */
    static FineTuningRecord run(Path model, List<Path> texts, Path out) throws IOException {
        try (Model opened = ModelReader.open(model)) {
            return of(opened, recipe(PositionScheme.LONG, LENGTH), texts, out)
                    .run(new FineTuningListener() {}, () -> false)
                    .orElseThrow();
        }
    }
}
