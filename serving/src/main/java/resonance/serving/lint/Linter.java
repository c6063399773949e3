package resonance.serving.lint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import resonance.model.ModelFormatException;
import resonance.model.gguf.GgufFile;
import resonance.model.huggingface.HuggingFaceModel;
import resonance.rope.Refusal;
import resonance.rope.huggingface.ModelKeys;

/**
 * Reads a model's position settings as each engine would, and tells what it will ignore, misread or refuse.
 *
 * <p>Reads raw keys and not a {@link resonance.model.Model}: weights need not be there, and keys that are not known here are no
 * hindrance. An engine that does not know the model, or of which it is not known what it makes of it, is not checked, and the
 * report says why.
 */
public final class Linter {
    private Linter() {}

    /** Reads a model for every usual engine that reads its format; see {@link #lint(Path, Set)}. */
    public static LintReport lint(Path model) {
        return lint(model, EnumSet.copyOf(Engine.USUAL));
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
            throw Refusal.was(
                    "engines",
                    "must read " + format.label() + " models (" + String.join(", ", labels(format)) + ")",
                    String.join(", ", engines.stream().map(Engine::label).toList()));
        }
        if (format == ModelFormat.HUGGING_FACE) {
            Path folder = file.toAbsolutePath().getParent();
            JsonValues whole = new JsonValues("", HuggingFaceModel.config(folder == null ? file : folder));
            JsonValues config = textPart(whole);
            String outerType = whole.text("model_type").orElse("");
            Report report = new Report(readers, engine -> Coverage.gap(engine, outerType, config));
            configuration(config, report.checked(), report.findings());
            new WrapperRules(whole, config, report.findings()).check();
            return report.of(model, format, Unreadable.gaps(whole, report.checked(), report.findings()));
        }
        try (GgufFile gguf = GgufFile.open(file)) {
            GgufReading reading = new GgufReading(gguf);
            Report report = new Report(readers, engine -> Coverage.gap(engine, reading.architecture()));
            if (report.checked().contains(Engine.LLAMA_CPP)) {
                EngineFindings own = report.findings().of(Engine.LLAMA_CPP);
                new GgufKeyRules(reading, own).check();
                new GgufTensorRules(reading, own).check();
            }
            if (report.checked().contains(Engine.GPULLAMA3)) {
                new GpuLlama3Rules(reading, report.findings().of(Engine.GPULLAMA3)).check();
            }
            return report.of(model, format, List.of());
        }
    }

    /** Who can be checked and who can't, and what is found. */
    private record Report(List<Engine> checked, List<NotChecked> notChecked, Findings findings) {
        Report(List<Engine> readers, Function<Engine, Optional<String>> gap) {
            this(
                    readers.stream()
                            .filter(engine -> gap.apply(engine).isEmpty())
                            .toList(),
                    readers.stream()
                            .flatMap(engine -> gap.apply(engine).map(reason -> new NotChecked(engine, reason)).stream())
                            .toList());
        }

        private Report(List<Engine> checked, List<NotChecked> notChecked) {
            this(checked, notChecked, new Findings(Set.copyOf(checked)));
        }

        /** The report, with engines of which it turned out only afterwards that nothing can be said. */
        LintReport of(Path model, ModelFormat format, List<NotChecked> later) {
            Set<Engine> gone = later.stream().map(NotChecked::engine).collect(Collectors.toSet());
            return new LintReport(
                    model,
                    format,
                    checked.stream().filter(engine -> !gone.contains(engine)).toList(),
                    Stream.concat(notChecked.stream(), later.stream())
                            .sorted(Comparator.comparing(NotChecked::engine))
                            .toList(),
                    findings.sorted().stream()
                            .filter(finding -> !gone.contains(finding.engine()))
                            .toList());
        }
    }

    /** The part of a configuration that reads text, with what the whole says of the classes that read it. */
    static JsonValues textPart(JsonValues whole) {
        String place = ModelKeys.textPlace(whole.values());
        if (place.isEmpty()) {
            return whole;
        }
        JsonValues text = whole;
        for (String key : place.split("\\.", -1)) {
            text = text.object(key);
        }
        Map<String, Object> values = new LinkedHashMap<>(text.values());
        for (String key : List.of("architectures", "auto_map")) {
            if (whole.has(key)) {
                values.put(key, whole.values().get(key));
            }
        }
        whole.text("model_type").ifPresent(type -> values.putIfAbsent("model_type", type));
        return new JsonValues(text.place(), values);
    }

    private static void configuration(JsonValues config, List<Engine> checked, Findings findings) {
        new LayoutRules(config, findings).check();
        for (Engine engine : Engine.CONFIG_READERS) {
            if (!checked.contains(engine)) {
                continue;
            }
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
        if (checked.contains(Engine.JLAMA)) {
            new JlamaRules(config, findings.of(Engine.JLAMA)).check();
        }
        if (checked.contains(Engine.CONVERTER)) {
            ConfigLayers.read(Engine.CONVERTER, config)
                    .forEach(layer -> new ConverterRules(layer, findings.of(Engine.CONVERTER)).check());
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
