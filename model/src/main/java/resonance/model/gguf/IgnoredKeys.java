package resonance.model.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Settings that a file carries and llama.cpp never reads for these architectures: they change nothing here either, and
 * whoever wrote them should know.
 */
final class IgnoredKeys {
    private IgnoredKeys() {}

    /** One line for every setting that would have made a difference. */
    static List<String> warnings(GgufFile file, GgufArchitecture architecture) {
        GgufMetadata metadata = file.metadata();
        String prefix = architecture.prefix();
        List<String> warnings = new ArrayList<>();
        number(metadata, prefix + "rope.scaling.yarn_beta_fast", 32, "32", warnings);
        number(metadata, prefix + "rope.scaling.yarn_beta_slow", 1, "1", warnings);
        number(metadata, prefix + "rope.scaling.yarn_attn_factor", 1, "1", warnings);
        number(metadata, prefix + "rope.scaling.yarn_ext_factor", 1, "1 with type yarn, else 0", warnings);
        number(metadata, prefix + "rope.scaling.yarn_log_multiplier", 0, "0", warnings);
        number(metadata, prefix + "rope.scaling.alpha", 0, "0", warnings);
        if (metadata.optionalString(prefix + "rope.scaling.type").orElse("").equals("none")) {
            number(metadata, prefix + "rope.scaling.factor", 1, "1 because of type none", warnings);
        }
        if (!architecture.hasWindows()) {
            number(metadata, prefix + "attention.sliding_window", 0, "no window", warnings);
            number(metadata, prefix + "attention.scale", 0, "1/sqrt(key_length)", warnings);
        }
        return List.copyOf(warnings);
    }

    private static void number(GgufMetadata metadata, String key, double harmless, String used, List<String> warnings) {
        Optional<GgufValueType> type = metadata.type(key);
        Optional<? extends Number> value = type.filter(GgufValueType::isInteger).isPresent()
                ? metadata.optionalLong(key)
                : type.filter(GgufValueType::isFloatingPoint).isPresent()
                        ? metadata.optionalNumber(key)
                        : Optional.empty();
        if (type.isPresent() && (value.isEmpty() || value.get().doubleValue() != harmless)) {
            warnings.add(key + value.map(number -> " = " + number).orElse("")
                    + " is not read, as in llama.cpp, which uses " + used);
        }
    }
}
