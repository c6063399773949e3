package resonance.language.finetuning;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import resonance.decoder.DecoderConfig;
import resonance.decoder.ParameterLayout;
import resonance.language.FrequencyHash;
import resonance.rope.Parameter;
import resonance.rope.PlainNumber;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.serving.export.ServedEncoding;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.training.ActivationMemory;
import resonance.transformer.training.TrainerSettings;
import resonance.transformer.training.TrainingMemory;

/**
 * Everything beside model and texts that decides what comes out of a fine-tune, to the bit.
 *
 * @param encoding trained with and written; its context length is the length that the model is adapted to
 * @param recipe windows and steps
 * @param adapter what is trained in place of the model's own parameters; empty to train these
 * @param joined whether documents that meet in a window see each other, as one text would
 * @param validationShare share of the texts that is held out; above 0 and below 1
 * @param validationTokens tokens of them that a validation stops at, at least 1
 * @param validationEvery steps between two measurements of the validation loss, at least 1
 * @param seed decides the order of the windows and what is skipped
 * @param recompute whether activations are made anew on the way back instead of being kept: a third more time for less memory
 * @param precisionChoice format of the products with weights, and why it is this one
 * @param threads worker threads, at least 1
 */
public record FineTuningSettings(
        ServedEncoding encoding,
        Recipe recipe,
        Optional<AdapterSettings> adapter,
        boolean joined,
        double validationShare,
        int validationTokens,
        long validationEvery,
        long seed,
        ActivationMemory.Choice recompute,
        PrecisionChoice precisionChoice,
        int threads) {
    public FineTuningSettings {
        requireNonNull(encoding, "encoding must not be null");
        requireNonNull(recipe, "recipe must not be null");
        requireNonNull(adapter, "adapter must not be null");
        requireNonNull(recompute, "recompute must not be null");
        requireNonNull(precisionChoice, "precisionChoice must not be null");
        if (recipe.window() > encoding.contextLength()) {
            throw Refusal.was(
                    "window", "must be at most {length} (" + encoding.contextLength() + ") tokens", recipe.window());
        }
        if (!(validationShare > 0 && validationShare < 1)) {
            throw Refusal.was("validationShare", "must be above 0 and below 1", validationShare);
        }
        requireAtLeastOne("validationTokens", validationTokens);
        requireAtLeastOne("validationEvery", validationEvery);
        requireAtLeastOne("threads", threads);
    }

    private static void requireAtLeastOne(String name, long value) {
        if (value < 1) {
            throw Refusal.was(name, "must be at least 1", value);
        }
    }

    /** Tokens that the model is adapted to read. */
    public int length() {
        return encoding.contextLength();
    }

    /** Tokens that the model was trained on before. */
    public int trainedLength() {
        return encoding.own().trainedLength();
    }

    PositionScheme positions() {
        return recipe.positions();
    }

    int window() {
        return recipe.window();
    }

    int batchRows() {
        return recipe.batchRows();
    }

    /** Format of the products with weights. */
    public Precision precision() {
        return precisionChoice.precision();
    }

    /** The same settings in another format. */
    public FineTuningSettings in(PrecisionChoice choice) {
        return new FineTuningSettings(
                encoding,
                recipe,
                adapter,
                joined,
                validationShare,
                validationTokens,
                validationEvery,
                seed,
                recompute,
                choice,
                threads);
    }

    /** Whether what is trained is written apart from the model. */
    boolean apart() {
        return adapter.map(AdapterSettings::apart).orElse(false);
    }

    /** Which parameters are trained, and where they lie. */
    ParameterLayout layout(DecoderConfig config) {
        return adapter.map(low -> new ParameterLayout(config, low.matrices()))
                .orElseGet(() -> new ParameterLayout(config));
    }

    /** About the memory that the training of a decoder needs. */
    public TrainingMemory memory(DecoderConfig config) {
        return TrainingMemory.of(layout(config), trainerSettings(), recipe.batchRows(), recipe.window());
    }

    TrainerSettings trainerSettings() {
        return new TrainerSettings(
                Recipe.optimiser(recipe.weightDecay()),
                recipe.schedule(),
                recipe.maximumGradientNorm(),
                new ActivationMemory(recompute, ActivationMemory.Choice.BY_SIZE),
                precision(),
                threads,
                seed);
    }

    /** Every setting that decides the result, as text by name. */
    public Map<String, String> asText() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("encoding", encoding.encoding().name());
        text.put(
                Parameter.FACTOR.name(),
                PlainNumber.text(encoding.encoding().settings().factor()));
        encoding.encoding()
                .settings()
                .text(RopeEncodings.installed().parameters())
                .forEach(text::putIfAbsent);
        text.put("frequencies", FrequencyHash.of(encoding.frequencies()));
        text.put("trainedLength", String.valueOf(trainedLength()));
        text.put("length", String.valueOf(length()));
        text.put("positions", recipe.positions().label());
        text.put("window", String.valueOf(recipe.window()));
        text.put("documents", joined ? "joined" : "apart");
        text.put("adapter", adapter.map(AdapterSettings::text).orElse("none"));
        text.put("steps", String.valueOf(recipe.steps()));
        text.put("batchRows", String.valueOf(recipe.batchRows()));
        text.put("learningRate", PlainNumber.text(recipe.learningRate()));
        text.put("schedule", recipe.decay().name().toLowerCase(Locale.ROOT));
        text.put("warmUpFraction", PlainNumber.text(recipe.warmUpFraction()));
        text.put("weightDecay", PlainNumber.text(recipe.weightDecay()));
        text.put(
                "maximumGradientNorm",
                recipe.maximumGradientNorm().isEmpty()
                        ? "none"
                        : PlainNumber.text(recipe.maximumGradientNorm().getAsDouble()));
        text.put("validationShare", PlainNumber.text(validationShare));
        text.put("validationTokens", String.valueOf(validationTokens));
        text.put("validationEvery", String.valueOf(validationEvery));
        text.put("seed", String.valueOf(seed));
        text.put("recompute", recompute.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        text.put("precision", precision().label());
        text.put("threads", String.valueOf(threads));
        return text;
    }
}
