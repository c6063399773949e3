package resonance.rope.huggingface;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import resonance.rope.PlainNumber;
import resonance.rope.Refusal;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.huggingface.ModelClass.Head;
import resonance.rope.huggingface.ModelClass.Reading;
import resonance.rope.huggingface.ModelKeys.Place;

/**
 * Reads the position encoding of a model from its configuration, as a given version of transformers understands it.
 *
 * <p>Follows transformers 5.18.0 (modeling_rope_utils.py and the classes of {@code model-classes.tsv}, read and compared
 * numerically) and 4.57.6 (read). What a class takes for granted stands in that table. Quirks are kept, because a model
 * computes so there: {@code truncate} inside a per-layer dictionary is not read, and most classes of version 5 ignore a partial
 * rotary factor when nothing is scaled.
 *
 * <p>A key that nothing reads becomes a note. It is refused only where the configuration names code of its own, which may well
 * read it.
 */
public final class ModelRopeReader {
    private static final String GLOBAL_LAYERS = "full_attention";
    private static final String LOCAL_LAYERS = "sliding_attention";
    private static final String BASE = "rope_theta";
    private static final String PART = "partial_rotary_factor";
    private static final String MAXIMUM_LENGTH = "max_position_embeddings";
    private static final String ALPHA = "alpha";

    /** Types for which version 5 takes {@code head_dim} as it stands in the class, null included. */
    private static final Set<RopeType> TYPES_WITH_HEAD = EnumSet.of(RopeType.YARN, RopeType.DYNAMIC, RopeType.LONGROPE);

    /** Above any head that exists; every pair's frequency is held. */
    private static final int LARGEST_ROTARY_SIZE = 1 << 16;

    /** Keys of published models that no engine's code ever read, whatever comes with the weights. */
    private static final List<String> NEVER_READ = List.of("finetuned", "attn_factor");

    private final ConfigValues config;
    private final ModelClass model;
    private final ModelKeys keys;
    private final TransformersVersion version;
    private final boolean ownCode;
    private final Notes notes = new Notes();

    private ModelRopeReader(TextConfig text, TransformersVersion version, boolean ownCode) {
        this.config = text.values();
        this.model = text.modelClass();
        this.keys = ModelKeys.of(model);
        // These classes came with version 5.
        this.version = model.reading() == Reading.TYPES ? TransformersVersion.V5 : version;
        this.ownCode = ownCode;
    }

    /** Reads a configuration as the version that wrote it does, see {@link #read(Map, TransformersVersion)}. */
    public static RopeReading read(Map<String, ?> config) {
        return read(config, TransformersVersion.of(config));
    }

    /**
     * Reads every layer type's encoding.
     *
     * @param config the whole configuration of a model, with its text part inside if it is a multimodal one; keys that do not
     *     concern positions are not looked at
     * @param version whose reading is meant, see {@link TransformersVersion#of}
     * @throws UnknownPositionsException if the encoding is not known here
     * @throws IllegalArgumentException if that version fails on the configuration, or a value is absent, of the wrong type or out
     *     of range; the message names the key
     */
    public static RopeReading read(Map<String, ?> config, TransformersVersion version) {
        boolean ownCode = config.get("auto_map") instanceof Map<?, ?> map
                && map.keySet().stream().anyMatch(key -> String.valueOf(key).startsWith("AutoModel"));
        ModelRopeReader reader = new ModelRopeReader(TextConfig.of(config), version, ownCode);
        reader.noteUnreadAbove(config);
        return reader.read();
    }

    /** Settings outside the text part, where no class reads them; those that repeat it do no harm. */
    private void noteUnreadAbove(Map<String, ?> whole) {
        if (config.place().isEmpty()) {
            return;
        }
        ConfigValues above = new ConfigValues("", whole);
        for (String next : config.place().split("\\.", -1)) {
            for (String key : List.of("rope_scaling", "rope_parameters", BASE)) {
                Object value = above.values().get(key);
                if (value != null && !value.equals(config.values().get(key))) {
                    notes.add(above.path(key) + " = " + Notes.shown(value) + " is not read above the text part, only "
                            + config.path(key) + " is");
                }
            }
            above = above.object(next);
        }
    }

    private RopeReading read() {
        if (model.ownCode()) {
            notes.add("model_type '" + model.modelType()
                    + "' runs code that comes with its weights, not with transformers; it was read, not run");
        }
        Map<String, ModelRope> ropes = ropes();
        LayerWindows layers = LayerWindows.of(config, model, notes);
        return new RopeReading(
                model.modelType(), config.place(), ropes, layers.windows(), layers.unrotated(), notes.list());
    }

    private Map<String, ModelRope> ropes() {
        ConfigValues scaling = config.object("rope_scaling");
        ConfigValues parameters = config.object("rope_parameters");
        if (version == TransformersVersion.V4
                && config.has("rope_parameters")
                && scaling.isEmpty()
                && !config.has(BASE)) {
            throw new IllegalArgumentException(config.path("rope_parameters")
                    + " must come with rope_theta and rope_scaling for transformers 4, which does not read it; read with"
                    + " version 5 or write both layouts");
        }
        if (model.reading() == Reading.TYPES) {
            return types(config.has("rope_parameters") ? parameters : new ConfigValues("", model.settings()));
        }
        if (version == TransformersVersion.V4) {
            return model.reading() == Reading.GLOBAL_LOCAL
                    ? globalAndLocal(new ConfigValues("", Map.of()), scaling)
                    : flat(config.has("rope_scaling") ? scaling : new ConfigValues("", model.settings()));
        }
        if (model.reading() == Reading.GLOBAL_LOCAL) {
            return globalAndLocal(parameters, scaling);
        }
        if (scaling.isEmpty()) {
            return flat(config.has("rope_parameters") ? parameters : new ConfigValues("", model.settings()));
        }
        return flat(scaling);
    }

    private Map<String, ModelRope> flat(ConfigValues dictionary) {
        dictionary.values().forEach((key, value) -> {
            if (value instanceof Map) {
                throw new IllegalArgumentException(dictionary.path(key) + " must be no object, since model_type '"
                        + model.modelType() + "' has one encoding for all layers, was " + Notes.shown(value));
            }
        });
        double base = config.number(model.reading() == Reading.NEOX ? "rotary_emb_base" : BASE)
                .orElse(model.baseIn(version));
        boolean truncate = dictionary.truth("truncate", true, notes);
        return Map.of(ModelRope.ALL_LAYERS, layer(dictionary, base, truncate, true, model.head()));
    }

    /** A dictionary for each type of layers; the classes that read so look nowhere else. */
    private Map<String, ModelRope> types(ConfigValues dictionary) {
        Map<String, ModelRope> layers = new LinkedHashMap<>();
        List<String> types = List.of(GLOBAL_LAYERS, LOCAL_LAYERS);
        notes.unread(dictionary, types, "model_type '" + model.modelType() + "'");
        for (String layerType : types) {
            if (!dictionary.has(layerType)) {
                throw new IllegalArgumentException(dictionary.path(layerType) + " must be given, was absent");
            }
            ConfigValues own = dictionary.object(layerType);
            boolean global = layerType.equals(GLOBAL_LAYERS);
            double base = config.number(BASE).orElseGet(() -> own.requiredNumber(BASE));
            layers.put(layerType, layer(own, base, true, false, global ? model.head() : Head.HEAD_DIM));
        }
        return layers;
    }

    /** Gemma 3, OLMo 3: two layer types with bases of their own; rope_scaling belongs to the global layers. */
    private Map<String, ModelRope> globalAndLocal(ConfigValues parameters, ConfigValues scaling) {
        notes.unread(parameters, List.of(GLOBAL_LAYERS, LOCAL_LAYERS), "model_type '" + model.modelType() + "'");
        ConfigValues global = parameters.object(GLOBAL_LAYERS);
        if (version == TransformersVersion.V5
                && parameters.isEmpty()
                && !scaling.has("rope_type")
                && scaling.has("type")) {
            notes.add(scaling.path("type") + " = "
                    + Notes.shown(String.valueOf(scaling.values().get("type")))
                    + " is not read by transformers 5 for model_type '" + model.modelType()
                    + "', whose layers stay unscaled; call it rope_type");
            Map<String, Object> untyped = new LinkedHashMap<>(scaling.values());
            untyped.remove("type");
            scaling = new ConfigValues(scaling.place(), untyped);
        }
        boolean nestedTruncate = version == TransformersVersion.V5 || scaling.truth("truncate", true, notes);
        if (!scaling.isEmpty()) {
            Map<String, Object> merged = new LinkedHashMap<>(global.values());
            merged.putAll(scaling.values());
            global = new ConfigValues(scaling.place(), merged);
        }
        double localDefault = model.localBase().orElse(model.base());
        double globalBase = config.number(BASE).orElse(model.baseIn(version));
        boolean oneBase = localDefault == model.base();
        double localBase = oneBase && version == TransformersVersion.V4
                ? globalBase
                : config.number("rope_local_base_freq").orElse(localDefault);
        Map<String, ModelRope> layers = new LinkedHashMap<>();
        layers.put(GLOBAL_LAYERS, layer(global, globalBase, nestedTruncate, false, model.head()));
        layers.put(LOCAL_LAYERS, layer(parameters.object(LOCAL_LAYERS), localBase, true, false, model.head()));
        return layers;
    }

    /** @param allLayers whether the dictionary is that of all layers at once, and not of one type of them */
    private ModelRope layer(
            ConfigValues dictionary, double outerBase, boolean truncate, boolean allLayers, Head headKey) {
        RopeType type = RopeType.of(dictionary, version, model, ownCode);
        requireComputable(dictionary, type);
        unread(dictionary, type);
        int maximumLength = config.strictLength(MAXIMUM_LENGTH, notes).orElseGet(() -> {
            notes.add(config.path(MAXIMUM_LENGTH) + " is absent; " + model.maximumLength()
                    + ", the default of model_type '" + model.modelType() + "', is taken");
            return model.maximumLength();
        });
        int headDimension = headDimension(headKey);
        double base = inner(dictionary, BASE, outerBase);
        double part = inner(dictionary, PART, outerPart(headDimension, allLayers));
        int trainedLength = trainedLength(dictionary, type, maximumLength, allLayers);
        boolean wholeHead = type == RopeType.PROPORTIONAL
                || (type == RopeType.DEFAULT && version == TransformersVersion.V5 && !model.partUnscaled());
        try {
            int rotarySize = wholeHead ? headDimension : RopeShape.rotarySize(headDimension, part);
            requireSize(rotarySize, headDimension, headKey);
            RopeShape shape = RopeShape.of(rotarySize, base, trainedLength);
            if (type == RopeType.LONGROPE) {
                requireOnePerPair(dictionary, "short_factor", shape, headDimension);
                requireOnePerPair(dictionary, "long_factor", shape, headDimension);
            }
            if (model.headRequired() && !config.has("head_dim") && TYPES_WITH_HEAD.contains(type)) {
                notes.add(config.path("head_dim") + " is absent; transformers 5 fails on rope_type '" + type.label()
                        + "' without it for model_type '" + model.modelType() + "', write " + headDimension);
            }
            RopeScaling scaling = new DictionaryScaling(config, model, version, notes)
                    .read(dictionary, type, part, maximumLength, shape, truncate);
            ModelRope rope = new ModelRope(shape, scaling, headDimension, maximumLength);
            // Some settings are wrong only together, or only beyond the trained length.
            rope.frequencies(trainedLength);
            rope.frequencies(trainedLength + 1L);
            return rope;
        } catch (Refusal refusal) {
            throw new IllegalArgumentException(refusal.message(name -> key(dictionary, name)), refusal);
        }
    }

    /** Classes with a dictionary a layer type look for the trained length nowhere else, and fail on longrope. */
    private void requireComputable(ConfigValues dictionary, RopeType type) {
        if (model.reading() != Reading.TYPES) {
            return;
        }
        if (type == RopeType.LONGROPE) {
            throw new IllegalArgumentException(dictionary.path("rope_type") + " must not be longrope for model_type '"
                    + model.modelType() + "', was; transformers 5 fails on it");
        }
        if ((type == RopeType.YARN || type == RopeType.LLAMA3) && !dictionary.has(RopeType.TRAINED_LENGTH)) {
            throw dictionary.absent(RopeType.TRAINED_LENGTH);
        }
    }

    private static void requireOnePerPair(ConfigValues dictionary, String key, RopeShape shape, int headDimension) {
        int held = dictionary.requiredNumbers(key).size();
        if (held != shape.pairs()) {
            double part = 2.0 * held / headDimension;
            String cure = held > 0 && part <= 1
                    ? "; they would be right for partial_rotary_factor " + PlainNumber.text(part)
                    : "";
            throw new IllegalArgumentException(dictionary.path(key) + " must hold one number per pair that rotates ("
                    + shape.pairs() + "), held " + held + cure);
        }
    }

    private void unread(ConfigValues dictionary, RopeType type) {
        List<String> known = new ArrayList<>(type.knownKeys(version));
        known.addAll(model.extraKeys());
        String context = "rope_type '" + type.label() + "'";
        for (String key : dictionary.values().keySet()) {
            if (ownCode && !known.contains(key) && !NEVER_READ.contains(key)) {
                throw new UnknownPositionsException(dictionary.path(key) + " is unknown for " + context
                        + ", but the configuration names code of its own (auto_map), which may read it");
            }
        }
        notes.unread(dictionary, known, context);
    }

    /** The file's word for one of the library's. */
    private String key(ConfigValues dictionary, String name) {
        return switch (name) {
            case "base" -> dictionary.has(BASE) ? dictionary.path(BASE) : config.path(BASE);
            case "trainedLength" ->
                dictionary.has(RopeType.TRAINED_LENGTH)
                        ? dictionary.path(RopeType.TRAINED_LENGTH)
                        : config.path(MAXIMUM_LENGTH);
            case "partialRotaryFactor", "rotatedShare" ->
                dictionary.has(PART) ? dictionary.path(PART) : config.path(model.partKey());
            case "headDimension", "headSize" -> config.path("head_dim");
            case "attentionScale" -> dictionary.path("attention_factor");
            case "lowFrequencyFactor" -> dictionary.path("low_freq_factor");
            case "highFrequencyFactor" -> dictionary.path("high_freq_factor");
            case "shortFactors" -> dictionary.path("short_factor");
            case "longFactors" -> dictionary.path("long_factor");
            case "newBase" -> dictionary.path(ALPHA);
            default ->
                name.startsWith("radiansPerToken")
                        ? "frequency" + name.substring("radiansPerToken".length()) + ", radians per token,"
                        : dictionary.path(snakeCase(name));
        };
    }

    private static String snakeCase(String name) {
        StringBuilder words = new StringBuilder();
        name.chars().forEach(letter -> {
            if (Character.isUpperCase(letter)) {
                words.append('_');
            }
            words.append((char) Character.toLowerCase(letter));
        });
        return words.toString();
    }

    private int headDimension(Head headKey) {
        String key = headKey.key(config);
        OptionalInt given = headKey == Head.GLOBAL_HEAD_DIM
                ? OptionalInt.of(config.strictLength(key, notes).orElse(ModelClass.GLOBAL_HEAD_DIMENSION))
                : config.strictLength(key, notes);
        if (given.isPresent()) {
            return given.getAsInt();
        }
        if (model.headDimension() > 0 && !config.contains(key)) {
            return model.headDimension();
        }
        int hiddenSize = config.strictLength("hidden_size", notes).orElse(model.hiddenSize());
        int heads = config.strictLength("num_attention_heads", notes).orElse(model.heads());
        if (hiddenSize % heads != 0) {
            throw new IllegalArgumentException(config.path("hidden_size")
                    + " must be a multiple of num_attention_heads (" + heads + ") where there is no head_dim, was "
                    + hiddenSize);
        }
        return hiddenSize / heads;
    }

    private void requireSize(int rotarySize, int headDimension, Head headKey) {
        boolean large = rotarySize > LARGEST_ROTARY_SIZE;
        if (rotarySize < 2 || rotarySize % 2 != 0 || large) {
            String head = config.has("head_dim") || headKey != Head.HEAD_DIM
                    ? config.path(headKey.key(config))
                    : config.path("hidden_size") + " / num_attention_heads";
            String subject = rotarySize == headDimension ? head : head + " * " + model.partKey();
            String rule = large ? " must be at most " + LARGEST_ROTARY_SIZE : " must be even and at least 2";
            throw new IllegalArgumentException(
                    subject + rule + ", was " + rotarySize + (large ? "" : "; a rotation turns pairs of dimensions"));
        }
    }

    /** The rotating part if the dictionary does not say it; null stands for the whole, and only an absent key for the default. */
    private double outerPart(int headDimension, boolean allLayers) {
        if (model.reading() == Reading.TYPES && !allLayers && !config.has(PART)) {
            return 1;
        }
        if (model.reading() == Reading.ROTARY_DIM && !config.contains(PART)) {
            OptionalDouble dimensions = config.number(model.partKey());
            return dimensions.isPresent() ? dimensions.getAsDouble() / headDimension : model.part();
        }
        String key = model.reading() == Reading.ROTARY_DIM ? PART : model.partKey();
        OptionalDouble given = config.number(key);
        if (given.isPresent()) {
            return given.getAsDouble();
        }
        return config.contains(key) ? 1 : model.part();
    }

    /** A number that version 5 looks for in the dictionary before it takes the outer one. */
    private double inner(ConfigValues dictionary, String key, double outer) {
        return version == TransformersVersion.V5 ? dictionary.number(key).orElse(outer) : outer;
    }

    /** The table of the package's page. */
    private int trainedLength(ConfigValues dictionary, RopeType type, int maximumLength, boolean allLayers) {
        if (version == TransformersVersion.V4 && type == RopeType.LLAMA3) {
            return dictionary.requiredLength(RopeType.TRAINED_LENGTH);
        }
        OptionalInt inside = dictionary.length(RopeType.TRAINED_LENGTH);
        OptionalInt given = config.length(RopeType.TRAINED_LENGTH);
        OptionalInt top = given.isPresent() ? given : keys.trainedLength();
        if (type == RopeType.DEFAULT) {
            return config.object(PortableModel.DUAL_CHUNKS)
                    .length(RopeType.TRAINED_LENGTH)
                    .orElse(maximumLength);
        }
        boolean four = version == TransformersVersion.V4;
        boolean longRope = type == RopeType.LONGROPE;
        if (longRope && !keys.magnitudeFromLengths() && (four || allLayers)) {
            requireLengthOfSu(dictionary);
        }
        boolean both = longRope && knowsNoLength(dictionary);
        return keys
                .trainedLengthPlaces(type.label(), both ? TransformersVersion.V5 : version, four || allLayers)
                .stream()
                .map(place -> place == Place.DICTIONARY ? inside : top)
                .flatMapToInt(OptionalInt::stream)
                .findFirst()
                .orElse(maximumLength);
    }

    /** Version 5 moves Phi-3's trained length from the top into the dictionary, but only where the type is called longrope. */
    private void requireLengthOfSu(ConfigValues dictionary) {
        String name =
                dictionary.text("rope_type").or(() -> dictionary.text("type")).orElse("");
        if (keys.onlyLongRope() && !name.equals("longrope") && !dictionary.has(RopeType.TRAINED_LENGTH)) {
            String fails = "transformers 5 fails on '" + name + "' without " + dictionary.path(RopeType.TRAINED_LENGTH);
            if (version == TransformersVersion.V5) {
                throw new IllegalArgumentException(dictionary.path(RopeType.TRAINED_LENGTH) + " must be given for '"
                        + name + "', was absent; call it longrope");
            }
            notes.add(fails + "; call it longrope");
        }
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
}
