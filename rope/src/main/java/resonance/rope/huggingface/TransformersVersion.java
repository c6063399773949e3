package resonance.rope.huggingface;

import java.util.Map;

/** Which reading of a configuration is meant; see the package's table. */
public enum TransformersVersion {
    /** Transformers 4, as of 4.57.6: {@code rope_theta} and {@code rope_scaling}. */
    V4(4),
    /** Transformers 5, as of 5.18.0: {@code rope_parameters}, or the layout of 4. */
    V5(5);

    private final int major;

    TransformersVersion(int major) {
        this.major = major;
    }

    /** The major version number. */
    public int major() {
        return major;
    }

    /**
     * The version that wrote a configuration: by the major number of {@code transformers_version} where it is 4 or 5,
     * else by whether there is a {@code rope_parameters}.
     */
    public static TransformersVersion of(Map<String, ?> config) {
        String version = String.valueOf(config.get("transformers_version"));
        if (version.startsWith("4.")) {
            return V4;
        }
        return version.startsWith("5.") || config.containsKey("rope_parameters") ? V5 : V4;
    }
}
