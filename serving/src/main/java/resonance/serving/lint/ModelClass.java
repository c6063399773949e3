package resonance.serving.lint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How transformers' class for a model type comes to its rotary frequencies.
 *
 * @param fromTable whether it takes them from the functions that all types of scaling have there
 * @param base the base where the file names none, of the global layers; empty if not known
 * @param architecture the class that generates text with it; empty if there is none
 * @param remarks what sets it apart
 */
record ModelClass(boolean fromTable, Optional<Double> base, String architecture, Set<String> remarks) {
    private static final EngineTable FOUR = EngineTable.of(Engine.TRANSFORMERS_4);
    private static final EngineTable FIVE = EngineTable.of(Engine.TRANSFORMERS_5);
    private static final String NONE = "-";

    /** Types that vLLM loads with the configuration of another; those with a class of vLLM's own are not known here. */
    private static final Map<String, String> OF_VLLM = Map.of("kimi_k2", "deepseek_v3", "deepseek_v32", "deepseek_v3");

    /** The class of a model type; empty if the engine does not know the type. vLLM has transformers 5 under it. */
    static Optional<ModelClass> of(Engine engine, String modelType) {
        boolean old = engine == Engine.TRANSFORMERS_4 || engine == Engine.CONVERTER;
        String type = engine == Engine.VLLM ? OF_VLLM.getOrDefault(modelType, modelType) : modelType;
        return (old ? FOUR : FIVE).find(type).map(ModelClass::of);
    }

    private static ModelClass of(List<String> words) {
        String base = words.get(1);
        return new ModelClass(
                words.get(0).equals("table"),
                base.equals(NONE) ? Optional.empty() : Optional.of(Double.parseDouble(base)),
                words.get(2).equals(NONE) ? "" : words.get(2),
                Set.copyOf(words.subList(3, words.size())));
    }

    /** Whether {@code type} overwrites {@code rope_type}. */
    boolean typeWins() {
        return remarks.contains("type");
    }

    /** Whether {@code head_dim} stays null where the file has none. */
    boolean headSizeStaysNull() {
        return remarks.contains("no-head");
    }

    /** Whether part of a head rests where the file does not say how much rotates. */
    boolean restsInPart() {
        return remarks.contains("rests");
    }
}
