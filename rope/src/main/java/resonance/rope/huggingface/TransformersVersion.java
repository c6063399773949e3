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
     * else by whether there is a {@code rope_parameters}, at the top or in the part about text.
     */
    public static TransformersVersion of(Map<String, ?> config) {
        String version = String.valueOf(config.get("transformers_version"));
        if (version.startsWith("4.")) {
            return V4;
        }
        boolean layoutOf5 = config.containsKey("rope_parameters")
                || TextConfig.textPart(new ConfigValues("", config)).contains("rope_parameters");
        return version.startsWith("5.") || layoutOf5 ? V5 : V4;
    }
}
