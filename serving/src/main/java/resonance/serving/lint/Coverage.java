package resonance.serving.lint;

import java.util.Optional;
import java.util.Set;

/**
 * Whether the rules can tell what an engine makes of a model. They can't if the engine does not know the model, if code of the
 * model's own reads its settings, or if what the engine does with such a model was not looked at.
 */
final class Coverage {
    private static final String NO_RULES = " is not covered by the rules for ";

    private Coverage() {}

    /**
     * Why nothing can be said of a configuration; empty if something can.
     *
     * @param outerType the model type of the whole configuration
     * @param config the part that reads text
     */
    static Optional<String> gap(Engine engine, String outerType, JsonValues config) {
        if (engine == Engine.CONVERTER) {
            return ConverterClass.of(config).isPresent()
                    ? Optional.empty()
                    : Optional.of(ConverterClass.whyNone(config));
        }
        String inner = config.text("model_type").orElse("");
        if (engine == Engine.JLAMA) {
            return JlamaRules.TYPES.contains(inner)
                    ? Optional.empty()
                    : Optional.of("model_type " + Shown.value(inner) + " is unknown to " + engine.version());
        }
        return modelType(engine, outerType, config)
                .or(() -> modelType(engine, inner, config))
                .or(() -> rotary(engine, inner))
                .or(() -> scaling(engine, config))
                .or(() -> engine == Engine.VLLM && VllmClass.of(config).isEmpty()
                        ? Optional.of(VllmClass.whyNone(config))
                        : Optional.empty());
    }

    /** Why nothing can be said of a GGUF file. */
    static Optional<String> gap(Engine engine, String architecture) {
        if (engine == Engine.VLLM) {
            return Optional.of("GGUF files are read by a plugin of " + engine.version() + ", which was not looked at");
        }
        if (engine == Engine.GPULLAMA3) {
            return GpuLlama3Rules.KERNEL_BASES.containsKey(architecture)
                    ? Optional.empty()
                    : Optional.of("architecture " + Shown.value(architecture) + NO_RULES + engine.version());
        }
        if (architecture.isEmpty()
                || LlamaCppArchitecture.of(architecture)
                        .filter(LlamaCppArchitecture::rotates)
                        .isPresent()) {
            return Optional.empty();
        }
        String named = "architecture " + Shown.value(architecture);
        return Optional.of(
                LlamaCppArchitecture.of(architecture).isPresent()
                        ? named + NO_RULES + engine.version()
                        : named + " is unknown to " + engine.version());
    }

    private static Optional<String> modelType(Engine engine, String type, JsonValues config) {
        if (type.isEmpty()) {
            return Optional.of("the configuration has no model_type");
        }
        if (ModelClass.of(engine, type).isPresent()) {
            return Optional.empty();
        }
        String library = engine == Engine.VLLM ? "the transformers under " + engine.version() : engine.version();
        return Optional.of("model_type " + Shown.value(type) + " is unknown to " + library
                + (hasOwnCode(config) ? "; code that comes with the model (auto_map) reads its settings" : ""));
    }

    private static Optional<String> rotary(Engine engine, String type) {
        return ModelClass.of(engine, type).filter(ModelClass::fromTable).isPresent()
                ? Optional.empty()
                : Optional.of("model_type " + Shown.value(type) + NO_RULES + engine.version());
    }

    /** A type of scaling that only code of the model's own can know. */
    private static Optional<String> scaling(Engine engine, JsonValues config) {
        if (!hasOwnCode(config)) {
            return Optional.empty();
        }
        return ConfigLayers.read(engine, config).stream()
                .flatMap(layer -> layer.type().stream())
                .filter(type -> !RopeKeys.types(engine, config).contains(type))
                .findFirst()
                .map(type -> "scaling type " + Shown.value(type)
                        + " is read by code that comes with the model (auto_map), which was not looked at");
    }

    /** Whether the model brings a class of its own, which engines run if they are told to trust it. */
    static boolean hasOwnCode(JsonValues config) {
        Set<String> classes = config.object("auto_map").values().keySet();
        return !classes.isEmpty();
    }
}
