package resonance.serving.lint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What vLLM makes of a model whose encoding is written as {@code longrope} with one list of divisors.
 *
 * @param served whether vLLM has a class for the model that is known to read its settings, or for its text alone
 * @param obstacle why it does not read that encoding nevertheless, after "it"; empty if it does
 */
public record VllmLongRope(boolean served, Optional<String> obstacle) {
    private static final String TEXT = "ForCausalLM";

    /**
     * Looks at a model.
     *
     * @param configuration the whole of it; what it says of positions is not looked at
     */
    public static VllmLongRope of(Map<String, ?> configuration) {
        JsonValues config = Linter.textPart(new JsonValues("", new LinkedHashMap<>(configuration)));
        boolean text = VllmClass.architecture(config).endsWith(TEXT);
        boolean served = VllmClass.hasArchitecture(config)
                && (text || VllmClass.of(config).isPresent());
        return new VllmLongRope(served, VllmClass.longRopeObstacle(config));
    }
}
