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
        OptionalDouble outerBase) {
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
        boolean olderWins = engine == Engine.TRANSFORMERS_4 && OLDER_KEY_WINS.contains(modelType());
        Optional<String> type = olderWins ? older.or(() -> current) : current.or(() -> older);
        if (isPhi3() && type.filter(Set.of("su", "yarn")::contains).isPresent()) {
            return Optional.of("longrope");
        }
        if (type.filter("mrope"::equals).isPresent() && dictionary.has("mrope_section")) {
            return Optional.of("default");
        }
        boolean mustBeThere = engine == Engine.TRANSFORMERS_4 && !dictionary.isEmpty();
        return type.isEmpty() && !mustBeThere ? Optional.of("default") : type;
    }

    boolean is(String type) {
        return type().filter(type::equals).isPresent();
    }

    OptionalDouble base() {
        OptionalDouble inside = engine == Engine.TRANSFORMERS_4 ? OptionalDouble.empty() : dictionary.number(BASE);
        return inside.isPresent() ? inside : outerBase;
    }

    OptionalDouble maximumLength() {
        return config.positive(MAXIMUM_LENGTH);
    }

    OptionalDouble factor() {
        return dictionary.positive("factor");
    }

    /** The trained length that the engine computes with. */
    OptionalDouble trainedLength() {
        OptionalDouble top = topLevelTrainedLength();
        OptionalDouble inside = dictionary.positive(TRAINED_LENGTH);
        OptionalDouble found = switch (type().orElse("")) {
            case "yarn", "llama3" -> engine == Engine.TRANSFORMERS_4 ? inside : first(top, inside);
            case "longrope" -> engine == Engine.TRANSFORMERS_4 ? top : first(top, inside);
            default -> OptionalDouble.empty();
        };
        return first(found, maximumLength());
    }

    /** Where the engine looks at the top level; a nested dictionary's trained length stands only inside it. */
    private OptionalDouble topLevelTrainedLength() {
        if (nested) {
            return OptionalDouble.empty();
        }
        OptionalDouble top = config.positive(TRAINED_LENGTH);
        return isPhi3() ? first(top, OptionalDouble.of(PHI3_TRAINED_LENGTH)) : top;
    }

    /** Share of a head that rotates. */
    double partialRotaryFactor() {
        OptionalDouble inside = engine == Engine.TRANSFORMERS_4 ? OptionalDouble.empty() : dictionary.number(PARTIAL);
        return first(inside, config.number(PARTIAL)).orElse(1);
    }

    /** Pairs that rotate; empty if the configuration does not say. */
    OptionalDouble pairs() {
        OptionalDouble heads = config.positive("num_attention_heads");
        OptionalDouble width = config.positive("hidden_size");
        OptionalDouble head = config.positive("head_dim");
        if (head.isEmpty() && heads.isPresent() && width.isPresent()) {
            head = OptionalDouble.of(Math.floor(width.getAsDouble() / heads.getAsDouble()));
        }
        return head.isEmpty()
                ? head
                : OptionalDouble.of(Math.floor(Math.floor(head.getAsDouble() * partialRotaryFactor()) / 2));
    }

    /** Transformers' factor on cosine and sine; empty if the keys don't give one. */
    OptionalDouble magnitude() {
        OptionalDouble explicit = dictionary.positive("attention_factor");
        OptionalDouble trained = trainedLength();
        OptionalDouble maximum = maximumLength();
        if (is("yarn")) {
            OptionalDouble factor = first(factor(), ratio(maximum, trained));
            return factor.isEmpty() ? explicit : yarnMagnitude(factor.getAsDouble(), explicit);
        }
        if (!is("longrope") || explicit.isPresent()) {
            return is("longrope") ? explicit : OptionalDouble.of(1);
        }
        boolean ratioWins = engine == Engine.TRANSFORMERS_4 && config.has(TRAINED_LENGTH);
        OptionalDouble factor = ratioWins ? ratio(maximum, trained) : first(factor(), ratio(maximum, trained));
        return factor.isEmpty() || trained.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(longRopeMagnitude(factor.getAsDouble(), trained.getAsDouble()));
    }

    private OptionalDouble yarnMagnitude(double factor, OptionalDouble explicit) {
        try {
            return OptionalDouble.of(new YarnScaling(
                            factor,
                            YarnScaling.DEFAULT_BETA_FAST,
                            YarnScaling.DEFAULT_BETA_SLOW,
                            true,
                            explicit,
                            dictionary.number("mscale").orElse(0),
                            dictionary.number("mscale_all_dim").orElse(0))
                    .attentionScale());
        } catch (IllegalArgumentException outOfRange) {
            return OptionalDouble.empty();
        }
    }

    /** Longrope's own magnitude for a ratio of lengths. */
    static double longRopeMagnitude(double factor, double trainedLength) {
        return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trainedLength));
    }

    private static OptionalDouble ratio(OptionalDouble numerator, OptionalDouble denominator) {
        return numerator.isEmpty() || denominator.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(numerator.getAsDouble() / denominator.getAsDouble());
    }

    private static OptionalDouble first(OptionalDouble preferred, OptionalDouble other) {
        return preferred.isPresent() ? preferred : other;
    }
}
