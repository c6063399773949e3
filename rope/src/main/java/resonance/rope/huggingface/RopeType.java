package resonance.rope.huggingface;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A {@code rope_type} and the keys its dictionary may hold. */
enum RopeType {
    DEFAULT,
    LINEAR,
    DYNAMIC,
    YARN,
    LONGROPE,
    LLAMA3,
    /** Transformers 5 only. */
    PROPORTIONAL;

    private static final String TRAINED_LENGTH = "original_max_position_embeddings";

    /**
     * Keys of this type's own. Longrope's last two are vLLM's names of the attention factor; transformers does not
     * read them.
     */
    private List<String> ownKeys() {
        return switch (this) {
            case DEFAULT -> List.of();
            case LINEAR, DYNAMIC, PROPORTIONAL -> List.of("factor");
            case YARN ->
                List.of(
                        "factor",
                        TRAINED_LENGTH,
                        "beta_fast",
                        "beta_slow",
                        "truncate",
                        "attention_factor",
                        "mscale",
                        "mscale_all_dim");
            case LONGROPE ->
                List.of(
                        "short_factor",
                        "long_factor",
                        "factor",
                        TRAINED_LENGTH,
                        "attention_factor",
                        "short_mscale",
                        "long_mscale");
            case LLAMA3 -> List.of("factor", "low_freq_factor", "high_freq_factor", TRAINED_LENGTH);
        };
    }

    /** As configurations write it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private boolean in(TransformersVersion version) {
        return this != PROPORTIONAL || version == TransformersVersion.V5;
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
        known.addAll(ownKeys());
        return known;
    }

    /**
     * The type a dictionary names, by {@code rope_type} or the older {@code type}.
     *
     * @param phi3 whether the model is Phi-3, whose "su" and "yarn" both mean longrope
     */
    static RopeType of(ConfigValues dictionary, TransformersVersion version, boolean phi3) {
        Optional<String> current = dictionary.text("rope_type");
        Optional<String> older = dictionary.text("type");
        if (current.isPresent() && older.isPresent() && !current.equals(older)) {
            throw new IllegalArgumentException(dictionary.path("rope_type") + " and " + dictionary.path("type")
                    + " must agree, were '" + current.get() + "' and '" + older.get() + "'");
        }
        String key = current.isPresent() || older.isEmpty() ? "rope_type" : "type";
        String name = current.or(() -> older).orElse("");
        if (name.isEmpty()) {
            if (version == TransformersVersion.V4 && !dictionary.isEmpty()) {
                throw new IllegalArgumentException(dictionary.path("rope_type") + " must be given, was absent");
            }
            return DEFAULT;
        }
        if (phi3 && (name.equals("su") || name.equals("yarn"))) {
            return LONGROPE;
        }
        return Arrays.stream(values())
                .filter(type -> type.in(version) && type.label().equals(name))
                .findFirst()
                .orElseThrow(() -> ConfigValues.unknown(
                        dictionary.path(key) + " '" + name + "' is unknown to transformers " + version.major(),
                        name,
                        Arrays.stream(values())
                                .filter(type -> type.in(version))
                                .map(RopeType::label)
                                .toList()));
    }
}
