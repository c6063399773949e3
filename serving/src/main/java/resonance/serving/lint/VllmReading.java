package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Optional;
import resonance.rope.LongRopeScaling;
import resonance.rope.YarnScaling;

/**
 * What vLLM's own rotary classes compute for one layer type: how long a text it takes, the rows of its table of cosines and
 * sines, and the factor on them. Executed with the classes and functions of 0.33.0.
 *
 * @param layer its settings
 * @param kind how the model's class hands them on
 */
record VllmReading(LayerReading layer, VllmClass kind) {
    private static final String LARGEST_LENGTH = "model_max_length";

    /** Where vLLM looks for the longest text; the smallest counts, but for {@code model_max_length}, which wins. */
    private static final List<String> LENGTHS = List.of(
            LayerReading.MAXIMUM_LENGTH,
            "n_positions",
            "max_seq_len",
            "seq_length",
            LARGEST_LENGTH,
            "max_target_positions",
            "max_sequence_length",
            "max_seq_length",
            "seq_len");

    /** Types for which the longest text is what the configuration says, and not multiplied by the factor. */
    private static final List<String> LENGTH_AS_IT_IS =
            List.of("longrope", "llama3", "yarn", "deepseek_yarn", "deepseek_llama_scaling");

    /** {@code max_model_len} if nobody gives another, in tokens; empty if the configuration has no length. */
    Optional<Double> limit() {
        if (layer.is("longrope")) {
            Optional<Double> top = layer.config().positive(TRAINED_LENGTH);
            return layer.isPhi3() ? top.or(layer::trainedLength) : top.or(this::length);
        }
        return length().map(length -> Math.floor(length * lengthFactor()));
    }

    private Optional<Double> length() {
        JsonValues config = layer.config();
        return config.positive(LARGEST_LENGTH)
                .or(() -> LENGTHS.stream()
                        .flatMap(key -> config.positive(key).stream())
                        .min(Double::compare));
    }

    /** What the length is multiplied by. */
    double lengthFactor() {
        boolean asItIs = LENGTH_AS_IT_IS.contains(layer.type().orElse(""))
                || layer.modelType().contains("gemma3");
        return asItIs ? 1 : layer.factor().orElse(1.0);
    }

    /** Positions that the table has rows for, before the four times that images get; empty if a length is missing. */
    Optional<Double> rows() {
        return switch (layer.type().orElse("")) {
            case "linear" -> times(layer.maximumLength());
            case "yarn", "deepseek_yarn", "deepseek_llama_scaling" -> times(layer.trainedLength());
            default -> layer.maximumLength();
        };
    }

    private Optional<Double> times(Optional<Double> length) {
        return length.map(tokens -> Math.ceil(tokens * layer.factor().orElse(1.0)));
    }

    /** The factor on cosine and sine; empty if the keys don't give one. */
    Optional<Double> magnitude() {
        return switch (layer.type().orElse("")) {
            case "yarn", "deepseek_yarn", "deepseek_llama_scaling" -> yarn();
            case "longrope" -> longRope(beyond() ? "long_mscale" : "short_mscale");
            default -> Optional.of(1.0);
        };
    }

    private Optional<Double> yarn() {
        JsonValues dictionary = layer.dictionary();
        boolean deepseeks = !layer.is("yarn");
        return switch (deepseeks ? VllmClass.DEEPSEEK : kind) {
            case GPT_OSS -> layer.factor().map(factor -> YarnScaling.magnitude(factor, 1));
            case DEEPSEEK ->
                layer.factor()
                        .map(factor -> YarnScaling.magnitude(
                                        factor, dictionary.number("mscale").orElse(1.0))
                                / YarnScaling.magnitude(
                                        factor,
                                        dictionary.number("mscale_all_dim").orElse(0.0)));
            case GENERAL, TRANSFORMERS -> layer.magnitude();
        };
    }

    /** A list's own key, else what the two lengths come to. */
    Optional<Double> longRope(String key) {
        return layer.dictionary()
                .number(key)
                .or(() -> layer.stretch()
                        .flatMap(stretch ->
                                layer.trainedLength().map(trained -> LongRopeScaling.magnitude(stretch, trained))));
    }

    private boolean beyond() {
        return limit().flatMap(limit -> layer.trainedLength().map(trained -> limit > trained))
                .orElse(false);
    }
}
