package resonance.serving.lint;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import resonance.rope.YarnScaling;

/**
 * One layer type's position settings as an engine finds them in a configuration; {@link ConfigLayers} makes these.
 *
 * @param engine who reads
 * @param config the whole configuration
 * @param layerType such as "full_attention", or "all"
 * @param dictionary scaling and its keys; empty if there is none
 * @param nested whether the engine keeps a dictionary per layer type
 * @param outerBase what the base is if not inside the dictionary; empty if that is a default of a class not known here
 */
record LayerReading(
        Engine engine,
        JsonValues config,
        String layerType,
        JsonValues dictionary,
        boolean nested,
        Optional<Double> outerBase) {
    static final String SCALING = "rope_scaling";
    static final String PARAMETERS = "rope_parameters";
    static final String MAXIMUM_LENGTH = "max_position_embeddings";
    static final String TRAINED_LENGTH = "original_max_position_embeddings";
    static final String BASE = "rope_theta";
    static final String PARTIAL = "partial_rotary_factor";

    private static final double PHI3_TRAINED_LENGTH = 4096;

    /** Model types whose class in transformers 4 lets {@code type} overwrite {@code rope_type}. */
    private static final Set<String> OLDER_KEY_WINS = Set.of(
            "arcee",
            "deepseek_v2",
            "deepseek_v3",
            "glm4_moe",
            "gpt_neox",
            "gpt_oss",
            "llama",
            "phi",
            "qwen2",
            "qwen2_moe",
            "qwen3",
            "qwen3_moe",
            "smollm3",
            "stablelm",
            "starcoder2");

    String modelType() {
        return config.text("model_type").orElse("");
    }

    /** Whether transformers 4 reads. */
    boolean old() {
        return engine == Engine.TRANSFORMERS_4;
    }

    boolean isPhi3() {
        return modelType().equals("phi3");
    }

    /** Name of one of the dictionary's keys with its place. */
    String path(String key) {
        return dictionary.path(key);
    }

    /** The type in use; empty if transformers 4 finds none where it wants one. */
    Optional<String> type() {
        Optional<String> current = dictionary.text("rope_type");
        Optional<String> older = dictionary.text("type");
        boolean olderWins = old() && OLDER_KEY_WINS.contains(modelType());
        Optional<String> type = olderWins ? older.or(() -> current) : current.or(() -> older);
        if (isPhi3() && type.filter(Set.of("su", "yarn")::contains).isPresent()) {
            return Optional.of("longrope");
        }
        if (type.filter("mrope"::equals).isPresent() && dictionary.has("mrope_section")) {
            return Optional.of("default");
        }
        boolean mustBeThere = old() && !dictionary.isEmpty();
        return mustBeThere ? type : type.or(() -> Optional.of("default"));
    }

    boolean is(String type) {
        return type().filter(type::equals).isPresent();
    }

    Optional<Double> base() {
        return old() ? outerBase : dictionary.number(BASE).or(() -> outerBase);
    }

    Optional<Double> maximumLength() {
        return config.positive(MAXIMUM_LENGTH);
    }

    Optional<Double> factor() {
        return dictionary.positive("factor");
    }

    /** How often the trained length goes into the longest. */
    Optional<Double> stretch() {
        return ratio(maximumLength(), trainedLength());
    }

    /** The trained length that the engine computes with. */
    Optional<Double> trainedLength() {
        Optional<Double> top = topLevelTrainedLength();
        Optional<Double> inside = dictionary.positive(TRAINED_LENGTH);
        Optional<Double> found = switch (type().orElse("")) {
            case "yarn", "llama3" -> old() ? inside : top.or(() -> inside);
            case "longrope" -> old() ? top : top.or(() -> inside);
            default -> Optional.empty();
        };
        return found.or(this::maximumLength);
    }

    /** Where the engine looks at the top level; a nested dictionary's trained length stands only inside it. */
    private Optional<Double> topLevelTrainedLength() {
        if (nested) {
            return Optional.empty();
        }
        Optional<Double> top = config.positive(TRAINED_LENGTH);
        return isPhi3() ? top.or(() -> Optional.of(PHI3_TRAINED_LENGTH)) : top;
    }

    /** Share of a head that rotates. */
    double partialRotaryFactor() {
        Optional<Double> inside = old() ? Optional.empty() : dictionary.number(PARTIAL);
        return inside.or(() -> config.number(PARTIAL)).orElse(1.0);
    }

    /** Pairs that rotate; empty if the configuration does not say. */
    Optional<Double> pairs() {
        return config.positive("head_dim")
                .or(() -> ratio(config.positive("hidden_size"), config.positive("num_attention_heads"))
                        .map(Math::floor))
                .map(head -> Math.floor(Math.floor(head * partialRotaryFactor()) / 2));
    }

    /** Transformers' factor on cosine and sine; empty if the keys don't give one. */
    Optional<Double> magnitude() {
        Optional<Double> explicit = dictionary.positive("attention_factor");
        Optional<Double> trained = trainedLength();
        Optional<Double> stretch = stretch();
        Optional<Double> factor = factor().or(() -> stretch);
        if (is("yarn")) {
            return factor.isEmpty() ? explicit : yarnMagnitude(factor.get(), explicit);
        }
        if (!is("longrope")) {
            return Optional.of(1.0);
        }
        boolean stretchWins = old() && config.has(TRAINED_LENGTH);
        return explicit.or(() -> (stretchWins ? stretch : factor)
                .flatMap(times -> trained.map(length -> longRopeMagnitude(times, length))));
    }

    private Optional<Double> yarnMagnitude(double factor, Optional<Double> explicit) {
        try {
            return Optional.of(new YarnScaling(
                            factor,
                            YarnScaling.DEFAULT_BETA_FAST,
                            YarnScaling.DEFAULT_BETA_SLOW,
                            true,
                            explicit.map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                            dictionary.number("mscale").orElse(0.0),
                            dictionary.number("mscale_all_dim").orElse(0.0))
                    .attentionScale());
        } catch (IllegalArgumentException outOfRange) {
            return Optional.empty();
        }
    }

    /** Longrope's own magnitude for a ratio of lengths. */
    static double longRopeMagnitude(double factor, double trainedLength) {
        return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trainedLength));
    }

    private static Optional<Double> ratio(Optional<Double> numerator, Optional<Double> denominator) {
        return numerator.flatMap(above -> denominator.map(below -> above / below));
    }
}
