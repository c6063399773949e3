package resonance.rope.huggingface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import resonance.rope.ChangedBase;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeScaling;
import resonance.rope.YarnScaling;

/** A {@code rope_type}, the scaling it is, and the keys of its own that its dictionary may hold. */
enum RopeType {
    DEFAULT,
    LINEAR,
    DYNAMIC,
    YARN,
    LONGROPE,
    LLAMA3,
    /** Transformers 5 only. */
    PROPORTIONAL;

    static final String TRAINED_LENGTH = "original_max_position_embeddings";

    /** Longrope's last two keys are vLLM's names of the attention factor; transformers does not read them. */
    private Stream<String> ownKeys() {
        return switch (this) {
            case DEFAULT -> Stream.of();
            case LINEAR, DYNAMIC, PROPORTIONAL -> Stream.of("factor");
            case YARN ->
                Stream.concat(
                        Stream.of("factor", TRAINED_LENGTH, "beta_fast", "beta_slow", "truncate"),
                        Stream.of("attention_factor", "mscale", "mscale_all_dim"));
            case LONGROPE ->
                Stream.concat(
                        Stream.of("short_factor", "long_factor", "factor", TRAINED_LENGTH),
                        Stream.of("attention_factor", "short_mscale", "long_mscale"));
            case LLAMA3 -> Stream.of("factor", "low_freq_factor", "high_freq_factor", TRAINED_LENGTH);
        };
    }

    /** Whether a scaling is written as this type; a change of base is written as that base. */
    private boolean is(RopeScaling scaling) {
        return switch (this) {
            case DEFAULT -> scaling instanceof NoScaling || scaling instanceof ChangedBase;
            case LINEAR -> scaling instanceof LinearScaling;
            case DYNAMIC -> scaling instanceof DynamicNtkScaling;
            case YARN -> scaling instanceof YarnScaling;
            case LONGROPE -> scaling instanceof LongRopeScaling;
            case LLAMA3 -> scaling instanceof Llama3Scaling;
            case PROPORTIONAL -> scaling instanceof ProportionalScaling;
        };
    }

    /** The types that a version knows. */
    private static Stream<RopeType> in(TransformersVersion version) {
        return Arrays.stream(values()).filter(type -> type != PROPORTIONAL || version == TransformersVersion.V5);
    }

    /** The type that a scaling is written as; empty if the version has none. */
    static Optional<RopeType> of(RopeScaling scaling, TransformersVersion version) {
        return in(version).filter(type -> type.is(scaling)).findFirst();
    }

    /** As configurations write it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Every key a dictionary of this type may hold. */
    List<String> knownKeys(TransformersVersion version) {
        List<String> known = new ArrayList<>(List.of("rope_type", "type"));
        if (version == TransformersVersion.V5) {
            known.add("rope_theta");
            known.add("partial_rotary_factor");
        } else if (this == DYNAMIC) {
            // Transformers 4 allows the key here and never reads it.
            known.add(TRAINED_LENGTH);
        }
        ownKeys().forEach(known::add);
        return known;
    }

    /**
     * The type a dictionary names, by {@code rope_type} or the older {@code type}.
     *
     * @param ownCode whether the model comes with code of its own, which may know more types
     */
    static RopeType of(ConfigValues dictionary, TransformersVersion version, ModelClass model, boolean ownCode) {
        ModelKeys keys = ModelKeys.of(model);
        Optional<String> current = dictionary.text("rope_type").map(keys::type);
        Optional<String> older = dictionary.text("type").map(keys::type);
        if (current.isPresent() && older.isPresent() && !current.equals(older)) {
            throw new IllegalArgumentException(dictionary.path("rope_type") + " and " + dictionary.path("type")
                    + " must agree, were '" + current.get() + "' and '" + older.get()
                    + "'; versions of transformers differ in which of them they take");
        }
        String key = current.isPresent() || older.isEmpty() ? "rope_type" : "type";
        if (current.isEmpty() && older.isEmpty()) {
            requireDefault(dictionary, version);
            return DEFAULT;
        }
        String name = current.or(() -> older).orElse("");
        List<RopeType> known = in(version)
                .filter(type -> !keys.onlyLongRope() || type == DEFAULT || type == LONGROPE)
                .toList();
        List<String> labels = known.stream().map(RopeType::label).toList();
        return known.stream()
                .filter(type -> type.label().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    String what = dictionary.path(key) + " '" + name + "' is unknown to ";
                    return ownCode
                            ? new UnknownPositionsException(what + "transformers " + version.major()
                                    + ", but the configuration names code of its own (auto_map), which may know it")
                            : ConfigValues.unknown(
                                    what
                                            + (keys.onlyLongRope()
                                                    ? "model_type '" + model.modelType() + "'"
                                                    : "transformers " + version.major()),
                                    name,
                                    labels);
                });
    }

    /** Where no type is named, version 5 takes the default; version 4 fails if there is anything else. */
    private static void requireDefault(ConfigValues dictionary, TransformersVersion version) {
        boolean named = dictionary.contains("rope_type") || dictionary.contains("type");
        if (named || (version == TransformersVersion.V4 && !dictionary.isEmpty())) {
            throw new IllegalArgumentException(dictionary.path("rope_type") + " must be given, was "
                    + (named ? "null" : "absent") + "; transformers " + version.major() + " fails on it");
        }
    }
}
