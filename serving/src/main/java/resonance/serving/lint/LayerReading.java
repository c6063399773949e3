package resonance.serving.lint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import resonance.rope.LongRopeScaling;
import resonance.rope.YarnScaling;
import resonance.rope.huggingface.ModelKeys;
import resonance.rope.huggingface.TransformersVersion;

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

    static final String TELECHAT3 = "telechat3-yarn";

    /** Types of vLLM's own. */
    private static final Set<String> DEEPSEEKS = Set.of("deepseek_yarn", "deepseek_llama_scaling");

    private static final double TELECHAT3_SLOPE = 0.07;

    String modelType() {
        return config.text("model_type").orElse("");
    }

    /** Whether transformers 4 reads. */
    boolean old() {
        return engine == Engine.TRANSFORMERS_4;
    }

    /** How transformers' class for the model type comes to its frequencies; empty if the engine does not know the type. */
    Optional<ModelClass> modelClass() {
        return ModelClass.of(engine, modelType());
    }

    /** Whether vLLM computes a table of its own; otherwise transformers' classes compute. */
    boolean hasTableOfVllm() {
        return engine == Engine.VLLM && VllmClass.of(config).orElse(VllmClass.GENERAL) != VllmClass.TRANSFORMERS;
    }

    /** How the model's class reads its keys, as {@link resonance.rope.huggingface.ModelRopeReader} does. */
    ModelKeys keys() {
        return ModelKeys.of(modelType());
    }

    boolean isPhi3() {
        return keys().onlyLongRope();
    }

    /** Name of one of the dictionary's keys with its place. */
    String path(String key) {
        return dictionary.path(key);
    }

    /**
     * The type in use; empty if the engine finds none where it wants one: version 4 in any dictionary, all of them where the
     * key is there and null.
     */
    Optional<String> type() {
        Optional<String> current = dictionary.text("rope_type");
        Optional<String> older = dictionary.text("type");
        boolean olderWins =
                readsAsVersion4() && modelClass().filter(ModelClass::typeWins).isPresent();
        boolean isNull = dictionary.values().containsKey("rope_type") && !dictionary.has("rope_type");
        Optional<String> type = olderWins ? older.or(() -> current) : isNull ? current : current.or(() -> older);
        if (isPhi3() && type.isPresent()) {
            return type.map(keys()::type);
        }
        if (type.filter("mrope"::equals).isPresent() && dictionary.has("mrope_section")) {
            return Optional.of("default");
        }
        if (engine == Engine.VLLM && type.filter("su"::equals).isPresent()) {
            return Optional.of("longrope");
        }
        if (engine == Engine.VLLM && type.filter(TELECHAT3::equals).isPresent()) {
            return Optional.of("yarn");
        }
        boolean mustBeThere = isNull || (old() && (!dictionary.isEmpty() || isEmptyObject()));
        return mustBeThere ? type : type.or(() -> Optional.of("default"));
    }

    /** Whether the file has a scaling without a key. */
    boolean isEmptyObject() {
        return config.values().get(SCALING) instanceof Map<?, ?> map && map.isEmpty();
    }

    /** The converter has transformers 4 read the configuration. */
    private boolean readsAsVersion4() {
        return old() || engine == Engine.CONVERTER;
    }

    /** Whether the model's class takes a dynamic scaling's base from {@code alpha}, whatever a text's length. */
    boolean readsAlpha() {
        return is("dynamic") && dictionary.has("alpha") && RopeKeys.readsAlpha(this);
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
        return trainedLengthPlaces().stream()
                .flatMap(place -> trainedLength(place).stream())
                .findFirst()
                .or(this::maximumLength);
    }

    /** Where the engine looks for the trained length, the first that has one counts. */
    private List<ModelKeys.Place> trainedLengthPlaces() {
        String type = type().orElse("");
        if (engine == Engine.CONVERTER && Set.of("yarn", "llama3").contains(type)) {
            return List.of(ModelKeys.Place.DICTIONARY, ModelKeys.Place.TOP_LEVEL);
        }
        if (engine == Engine.VLLM && DEEPSEEKS.contains(type)) {
            return List.of(ModelKeys.Place.DICTIONARY);
        }
        return keys().trainedLengthPlaces(type, old() ? TransformersVersion.V4 : TransformersVersion.V5, !nested);
    }

    private Optional<Double> trainedLength(ModelKeys.Place place) {
        if (place == ModelKeys.Place.DICTIONARY) {
            return dictionary.positive(TRAINED_LENGTH);
        }
        OptionalInt standard = keys().trainedLength();
        return config.positive(TRAINED_LENGTH)
                .or(() -> standard.isPresent() ? Optional.of((double) standard.getAsInt()) : Optional.empty());
    }

    /** Share of a head that rotates. */
    double partialRotaryFactor() {
        Optional<Double> inside = old() ? Optional.empty() : dictionary.number(PARTIAL);
        return inside.or(() -> config.number(PARTIAL)).orElse(1.0);
    }

    /** Pairs that rotate; empty if the configuration does not say. */
    Optional<Double> pairs() {
        boolean byDefault = modelClass().filter(ModelClass::restsInPart).isPresent();
        if (byDefault && !config.has(PARTIAL) && !dictionary.has(PARTIAL)) {
            return Optional.empty();
        }
        return config.positive("qk_rope_head_dim")
                .or(() -> config.positive("head_dim"))
                .or(() -> ratio(config.positive("hidden_size"), config.positive("num_attention_heads"))
                        .map(Math::floor))
                .map(head -> Math.ceil(Math.floor(head * partialRotaryFactor()) / 2));
    }

    /** Transformers' factor on cosine and sine; empty if the keys don't give one. */
    Optional<Double> magnitude() {
        Optional<Double> explicit = telechat3().or(() -> dictionary.number("attention_factor"));
        Optional<Double> trained = trainedLength();
        Optional<Double> stretch = stretch();
        Optional<Double> factor = factor().or(() -> stretch);
        if (is("yarn")) {
            return factor.isEmpty() ? explicit : yarnMagnitude(factor.get(), explicit);
        }
        if (!is("longrope")) {
            return Optional.of(1.0);
        }
        if (keys().magnitudeFromLengths()) {
            return stretch.flatMap(times -> trained.map(length -> LongRopeScaling.magnitude(times, length)));
        }
        boolean stretchWins = old() && config.has(TRAINED_LENGTH);
        return explicit.or(() -> (stretchWins ? stretch : factor)
                .flatMap(times -> trained.map(length -> LongRopeScaling.magnitude(times, length))));
    }

    /** vLLM knows TeleChat3's yarn, which is one with a magnitude of its own. */
    private Optional<Double> telechat3() {
        boolean telechat3 = dictionary
                .text("rope_type")
                .or(() -> dictionary.text("type"))
                .filter(TELECHAT3::equals)
                .isPresent();
        return telechat3 ? factor().map(factor -> 1 + TELECHAT3_SLOPE * Math.log(factor)) : Optional.empty();
    }

    private Optional<Double> yarnMagnitude(double factor, Optional<Double> explicit) {
        double whole = dictionary.number("mscale").orElse(0.0);
        double all = dictionary.number("mscale_all_dim").orElse(0.0);
        double both = whole != 0 && all != 0
                ? YarnScaling.magnitude(factor, whole) / YarnScaling.magnitude(factor, all)
                : YarnScaling.magnitude(factor, 1);
        return explicit.or(() -> Optional.of(both));
    }

    private static Optional<Double> ratio(Optional<Double> numerator, Optional<Double> denominator) {
        return numerator.flatMap(above -> denominator.map(below -> above / below));
    }
}
