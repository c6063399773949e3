package resonance.rope.huggingface;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.Parameter;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.YarnScaling;

/**
 * Reads the position encoding of a model from its configuration, as a given version of transformers understands it.
 *
 * <p>Follows transformers 5.18.0 (modeling_rope_utils.py, read and compared numerically) and 4.57.6 (read). The base
 * is looked for in the dictionary (version 5), then at the top level, then 10,000; a model class with another default
 * is not known here, except Gemma 3 (1,000,000, and 10,000 for its local layers). Two quirks of version 5.18 are
 * kept, because a model computes so there: {@code truncate} inside a per-layer dictionary is not read, and Llama,
 * Mistral and Qwen ignore a partial rotary factor when nothing is scaled.
 */
public final class ModelRopeReader {
    private static final String GLOBAL_LAYERS = "full_attention";
    private static final String LOCAL_LAYERS = "sliding_attention";
    private static final double GEMMA3_GLOBAL_BASE = 1_000_000;
    private static final Set<String> GEMMA3 = Set.of("gemma3", "gemma3_text");

    /** Model types whose unscaled encoding in transformers 5 rotates the whole head whatever the partial factor. */
    private static final Set<String> WHOLE_HEAD =
            Set.of("llama", "mistral", "mixtral", "qwen2", "qwen2_moe", "qwen3", "qwen3_moe");

    private final ConfigValues config;
    private final TransformersVersion version;
    private final String modelType;

    private ModelRopeReader(ConfigValues config, TransformersVersion version) {
        this.config = config;
        this.version = version;
        this.modelType = config.text("model_type").orElse("");
    }

    /**
     * Reads every layer type's encoding.
     *
     * @param config the whole configuration of a text model; keys that do not concern positions are not looked at
     * @param version whose reading is meant, see {@link TransformersVersion#of}
     * @return by layer type such as "full_attention", or under {@link ModelRope#ALL_LAYERS} alone
     * @throws IllegalArgumentException if a type or key is unknown, or a value is absent, of the wrong type or out of
     *     range; the message names the key
     */
    public static Map<String, ModelRope> read(Map<String, ?> config, TransformersVersion version) {
        return new ModelRopeReader(new ConfigValues("", config), version).read();
    }

    private Map<String, ModelRope> read() {
        ConfigValues scaling = config.object("rope_scaling");
        if (version == TransformersVersion.V4) {
            if (config.has("rope_parameters") && scaling.isEmpty() && !config.has("rope_theta")) {
                throw new IllegalArgumentException("rope_parameters must come with rope_theta and rope_scaling for"
                        + " transformers 4, which does not read it; read with version 5 or write both layouts");
            }
            return GEMMA3.contains(modelType) ? gemma3(new ConfigValues("", Map.of()), scaling) : flat(scaling);
        }
        ConfigValues parameters = config.object("rope_parameters");
        if (GEMMA3.contains(modelType)) {
            return gemma3(parameters, scaling);
        }
        ConfigValues dictionary = scaling.isEmpty() ? parameters : scaling;
        boolean nested = dictionary.values().values().stream().anyMatch(Map.class::isInstance);
        return nested ? nested(dictionary) : flat(dictionary);
    }

    private Map<String, ModelRope> flat(ConfigValues dictionary) {
        double base = config.number("rope_theta").orElse(RopeShape.DEFAULT_BASE);
        return Map.of(ModelRope.ALL_LAYERS, layer(dictionary, base, dictionary.truth("truncate", true), true));
    }

    private Map<String, ModelRope> nested(ConfigValues dictionary) {
        List<String> layerTypes = config.texts("layer_types");
        if (!layerTypes.isEmpty()) {
            dictionary.requireKnown(layerTypes.stream().distinct().toList(), "this model's layer_types");
        }
        double base = config.number("rope_theta").orElse(RopeShape.DEFAULT_BASE);
        Map<String, ModelRope> layers = new LinkedHashMap<>();
        for (String layerType : dictionary.values().keySet()) {
            if (dictionary.has(layerType)) {
                layers.put(layerType, layer(dictionary.object(layerType), base, true, false));
            }
        }
        return layers;
    }

    /** Gemma 3: two layer types with bases of their own; rope_scaling belongs to the global layers. */
    private Map<String, ModelRope> gemma3(ConfigValues parameters, ConfigValues scaling) {
        parameters.requireKnown(List.of(GLOBAL_LAYERS, LOCAL_LAYERS), "model_type '" + modelType + "'");
        ConfigValues global = parameters.object(GLOBAL_LAYERS);
        boolean nestedTruncate = version == TransformersVersion.V5 || scaling.truth("truncate", true);
        if (!scaling.isEmpty()) {
            Map<String, Object> merged = new LinkedHashMap<>(global.values());
            merged.putAll(scaling.values());
            global = new ConfigValues(scaling.place(), merged);
        }
        double globalBase = config.number("rope_theta").orElse(GEMMA3_GLOBAL_BASE);
        double localBase = config.number("rope_local_base_freq").orElse(RopeShape.DEFAULT_BASE);
        Map<String, ModelRope> layers = new LinkedHashMap<>();
        layers.put(GLOBAL_LAYERS, layer(global, globalBase, nestedTruncate, false));
        layers.put(LOCAL_LAYERS, layer(parameters.object(LOCAL_LAYERS), localBase, true, false));
        return layers;
    }

    /** @param allLayers whether the dictionary is that of all layers at once, and not of one type of them */
    private ModelRope layer(ConfigValues dictionary, double outerBase, boolean truncate, boolean allLayers) {
        RopeType type = RopeType.of(dictionary, version, modelType.equals("phi3"));
        dictionary.requireKnown(type.knownKeys(version), "rope_type '" + type.label() + "'");
        int maximumLength = config.requiredLength("max_position_embeddings");
        int headDimension = headDimension();
        double base = inner(dictionary, "rope_theta", outerBase);
        double partial = inner(
                dictionary,
                "partial_rotary_factor",
                config.number("partial_rotary_factor").orElse(1));
        int trainedLength = trainedLength(dictionary, type, maximumLength, allLayers);
        boolean wholeHead = type == RopeType.PROPORTIONAL
                || (type == RopeType.DEFAULT && version == TransformersVersion.V5 && WHOLE_HEAD.contains(modelType));
        try {
            int rotarySize = wholeHead ? headDimension : RopeShape.rotarySize(headDimension, partial);
            RopeShape shape = RopeShape.of(rotarySize, base, trainedLength);
            RopeScaling scaling = scaling(dictionary, type, partial, maximumLength, trainedLength, truncate);
            return new ModelRope(shape, scaling, headDimension, maximumLength);
        } catch (IllegalArgumentException refusal) {
            if (dictionary.place().isEmpty()
                    || String.valueOf(refusal.getMessage()).startsWith(dictionary.place())) {
                throw refusal;
            }
            throw new IllegalArgumentException(dictionary.place() + ": " + refusal.getMessage(), refusal);
        }
    }

    private int headDimension() {
        if (config.has("head_dim")) {
            return config.requiredLength("head_dim");
        }
        int hiddenSize = config.requiredLength("hidden_size");
        return hiddenSize / config.requiredLength("num_attention_heads");
    }

    /** A number that version 5 looks for in the dictionary before it takes the outer one. */
    private double inner(ConfigValues dictionary, String key, double outer) {
        return version == TransformersVersion.V5 ? dictionary.number(key).orElse(outer) : outer;
    }

    /** The table of the package's page. */
    private int trainedLength(ConfigValues dictionary, RopeType type, int maximumLength, boolean allLayers) {
        List<ConfigValues> places = trainedLengthPlaces(dictionary, type, allLayers);
        if (version == TransformersVersion.V4 && type == RopeType.LLAMA3) {
            return dictionary.requiredLength(RopeType.TRAINED_LENGTH);
        }
        for (ConfigValues place : places) {
            if (place.has(RopeType.TRAINED_LENGTH)) {
                return place.requiredLength(RopeType.TRAINED_LENGTH);
            }
        }
        return maximumLength;
    }

    /** Where to look for the trained length, in this order; nowhere for types that know the maximum length alone. */
    private List<ConfigValues> trainedLengthPlaces(ConfigValues dictionary, RopeType type, boolean allLayers) {
        return switch (type) {
            case DEFAULT, LINEAR, DYNAMIC, PROPORTIONAL -> List.of();
            case YARN, LLAMA3 ->
                version == TransformersVersion.V5 && allLayers ? List.of(config, dictionary) : List.of(dictionary);
            case LONGROPE -> {
                if (version == TransformersVersion.V5) {
                    yield allLayers ? List.of(config, dictionary) : List.of(dictionary);
                }
                yield knowsNoLength(dictionary) ? List.of(config, dictionary) : List.of(config);
            }
        };
    }

    /**
     * Whether a longrope computes the same whatever its trained length: then version 4 does not miss the one in the
     * dictionary, and it says what it is.
     */
    private static boolean knowsNoLength(ConfigValues dictionary) {
        return dictionary.has("attention_factor")
                && dictionary.has("short_factor")
                && dictionary.requiredNumbers("short_factor").equals(dictionary.requiredNumbers("long_factor"));
    }

    private RopeScaling scaling(
            ConfigValues dictionary,
            RopeType type,
            double partial,
            int maximumLength,
            int trainedLength,
            boolean truncate) {
        double lengthRatio = maximumLength / (double) trainedLength;
        return switch (type) {
            case DEFAULT -> new NoScaling();
            case LINEAR -> new LinearScaling(dictionary.requiredNumber("factor"));
            case DYNAMIC -> new DynamicNtkScaling(dictionary.requiredNumber("factor"));
            case YARN -> yarn(dictionary, lengthRatio, truncate);
            case LONGROPE ->
                new LongRopeScaling(
                        dictionary.requiredNumbers("short_factor"),
                        dictionary.requiredNumbers("long_factor"),
                        longRopeFactor(dictionary, lengthRatio),
                        dictionary.number("attention_factor"));
            case LLAMA3 ->
                new Llama3Scaling(
                        dictionary.requiredNumber("factor"),
                        dictionary.requiredNumber("low_freq_factor"),
                        dictionary.requiredNumber("high_freq_factor"));
            case PROPORTIONAL ->
                new ProportionalScaling(partial, dictionary.number("factor").orElse(1));
        };
    }

    private YarnScaling yarn(ConfigValues dictionary, double lengthRatio, boolean truncate) {
        return new YarnScaling(
                yarnFactor(dictionary, lengthRatio),
                orStandard(dictionary.number("beta_fast"), YarnScaling.BETA_FAST),
                orStandard(dictionary.number("beta_slow"), YarnScaling.BETA_SLOW),
                truncate,
                dictionary.number("attention_factor"),
                dictionary.number("mscale").orElse(0),
                dictionary.number("mscale_all_dim").orElse(0));
    }

    /** Version 5 takes null for the ratio of the lengths; version 4 computes with it and fails. */
    private double yarnFactor(ConfigValues dictionary, double lengthRatio) {
        String ratio = "max_position_embeddings / original_max_position_embeddings";
        if (version == TransformersVersion.V5) {
            if (!dictionary.contains("factor")) {
                throw new IllegalArgumentException(
                        dictionary.path("factor") + " must be given, was absent; null means " + ratio);
            }
            return dictionary.number("factor").orElse(lengthRatio);
        }
        if (dictionary.contains("factor") && !dictionary.has("factor")) {
            throw new IllegalArgumentException(dictionary.path("factor") + " must be a number, was null; transformers 4"
                    + " fails on it, read with version 5 or write " + ratio);
        }
        return dictionary.requiredNumber("factor");
    }

    /** Transformers takes 0 for "not given" here. */
    private static double orStandard(OptionalDouble value, Parameter<Double> parameter) {
        return value.orElse(0) == 0 ? parameter.standard() : value.getAsDouble();
    }

    /** Version 4 lets a trained length at the top level override the factor; version 5 lets the factor win. */
    private double longRopeFactor(ConfigValues dictionary, double lengthRatio) {
        if (version == TransformersVersion.V4) {
            if (config.has(RopeType.TRAINED_LENGTH)) {
                return lengthRatio;
            }
            return dictionary.has("attention_factor")
                    ? dictionary.number("factor").orElse(1)
                    : dictionary.requiredNumber("factor");
        }
        return dictionary.number("factor").orElse(lengthRatio);
    }
}
