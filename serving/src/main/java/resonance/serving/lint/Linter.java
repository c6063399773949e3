package resonance.serving.lint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import resonance.model.ModelFormatException;
import resonance.model.gguf.GgufFile;
import resonance.model.huggingface.HuggingFaceModel;

/**
 * Reads a model's position settings as each engine would, and tells what it will ignore, misread or refuse.
 *
 * <p>Reads raw keys and not a {@link resonance.model.Model}: architectures, types and keys that are not known here are
 * no hindrance, and weights need not be there.
 */
public final class Linter {
    private Linter() {}

    /** Reads a model for every engine that reads its format; see {@link #lint(Path, Set)}. */
    public static LintReport lint(Path model) {
        return lint(model, EnumSet.allOf(Engine.class));
    }

    /**
     * Reads a model for some engines.
     *
     * @param model a folder with {@code config.json} or with one GGUF file, a {@code config.json}, or a GGUF file
     * @param engines whom to read for; those that don't read the model's format are left out
     * @throws ModelFormatException if it is none of these, or can't be read
     * @throws IllegalArgumentException if none of the engines reads the model's format
     */
    public static LintReport lint(Path model, Set<Engine> engines) {
        if (!Files.exists(model)) {
            throw unfit(model, ", which isn't there");
        }
        Path file = file(model);
        ModelFormat format = isConfig(file) ? ModelFormat.HUGGING_FACE : ModelFormat.GGUF;
        List<Engine> readers = Arrays.stream(Engine.values())
                .filter(engine -> engine.reads(format) && engines.contains(engine))
                .toList();
        if (readers.isEmpty()) {
            throw new IllegalArgumentException("engines must read " + format.label() + " models ("
                    + String.join(", ", labels(format)) + "), was "
                    + String.join(", ", engines.stream().map(Engine::label).toList()));
        }
        Findings findings = new Findings(EnumSet.copyOf(readers));
        if (format == ModelFormat.HUGGING_FACE) {
            Path folder = file.toAbsolutePath().getParent();
            configuration(HuggingFaceModel.config(folder == null ? file : folder), findings);
        } else {
            try (GgufFile gguf = GgufFile.open(file)) {
                GgufReading reading = new GgufReading(gguf);
                new GgufKeyRules(reading, findings.of(Engine.LLAMA_CPP)).check();
                new GgufTensorRules(reading, findings.of(Engine.LLAMA_CPP), findings.of(Engine.VLLM)).check();
            }
        }
        return new LintReport(model, format, readers, findings.sorted());
    }

    private static void configuration(Map<String, Object> values, Findings findings) {
        JsonValues whole = new JsonValues("", values);
        JsonValues text = whole.object("text_config");
        JsonValues config = text.isEmpty() ? whole : text;
        new LayoutRules(config, findings).check();
        for (Engine engine : Engine.CONFIG_READERS) {
            EngineFindings own = findings.of(engine);
            new ValueTypeRules(config, own).check();
            for (LayerReading layer : ConfigLayers.read(engine, config)) {
                new KeyRules(layer, own).check();
                new ScalingRules(layer, own).check();
                if (engine == Engine.VLLM) {
                    new VllmRules(layer, own).check();
                }
            }
        }
        for (LayerReading layer : ConfigLayers.read(Engine.TRANSFORMERS_5, config)) {
            new ConverterRules(layer, findings.of(Engine.CONVERTER)).check();
        }
    }

    private static Path file(Path model) {
        if (!Files.isDirectory(model)) {
            return model;
        }
        Path config = model.resolve(HuggingFaceModel.CONFIG);
        return Files.exists(config) ? config : GgufFile.onlyIn(model);
    }

    private static boolean isConfig(Path file) {
        if (String.valueOf(file.getFileName()).equals(HuggingFaceModel.CONFIG)) {
            return true;
        }
        if (GgufFile.isGguf(file)) {
            return false;
        }
        throw unfit(file, "");
    }

    private static List<String> labels(ModelFormat format) {
        return Arrays.stream(Engine.values())
                .filter(engine -> engine.reads(format))
                .map(Engine::label)
                .toList();
    }

    private static ModelFormatException unfit(Path model, String what) {
        return new ModelFormatException("model must be a folder with " + HuggingFaceModel.CONFIG + ", a "
                + HuggingFaceModel.CONFIG + " or a GGUF file, was " + model + what);
    }
}
