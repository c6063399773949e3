package resonance.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import resonance.language.PasskeyStudy;
import resonance.language.PerplexityStudy;
import resonance.model.ModelFormatException;
import resonance.model.ModelPositions;
import resonance.model.ModelSizes;
import resonance.model.gguf.GgufModel;
import resonance.serving.lint.Engine;
import resonance.serving.lint.ModelFormat;
import resonance.serving.memory.ComputeBuffer;
import resonance.serving.memory.KeyValueCache;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.tensor.MachineMemory;
import resonance.transformer.tensor.Precision;

/**
 * What a model takes of memory; the components are the keys of JSON documents. Bytes, everywhere.
 *
 * @param weights how they are stored, the type with most bytes first; empty if it is not known
 * @param lengths what a text takes beside them, shorter ones first
 * @param checked how what is said of an engine was held against it, by engine
 * @param available memory of this machine that is free now
 * @param notKnown why nothing is known; null if it is
 */
record MemoryNeed(
        List<ModelSizes.Stored> weights,
        List<AtLength> lengths,
        Map<String, String> checked,
        long available,
        @Nullable String notKnown) {
    /** No machine holds the keys and values of a longer text; bytes of what is told fit a long whatever the model. */
    static final long LONGEST = 1L << 30;

    /** Of the engines' types: the default ones, and the usual ones to save memory. */
    private static final List<String> SHOWN = List.of("f16", "bf16", "fp8", "q8_0", "q4_0");

    /**
     * What a text of a length takes, under an encoding that remaps no positions.
     *
     * @param tokens its length
     * @param keysAndValues by engine that reads the model, then by type of the cache
     * @param computeBuffer of engines that take one beforehand, by engine, then by the option that decides
     * @param perplexity the peak of {@code resonance perplexity} here, with the model's files, by precision
     * @param passkey the same of {@code passkey}, and about of {@code generate}
     */
    record AtLength(
            long tokens,
            Map<String, Map<String, Long>> keysAndValues,
            Map<String, Map<String, Long>> computeBuffer,
            Map<String, Long> perplexity,
            Map<String, Long> passkey) {
        private static AtLength of(ModelSizes sizes, List<Engine> engines, long tokens, int threads) {
            KeyValueCache cache = new KeyValueCache(sizes.decoder());
            Map<String, Map<String, Long>> byEngine = new LinkedHashMap<>();
            for (Engine engine : engines) {
                Map<String, Long> byType = new LinkedHashMap<>();
                cache.types(engine).forEach(type -> byType.put(type.label(), cache.bytes(engine, type, tokens)));
                byEngine.put(engine.label(), byType);
            }
            Map<String, Map<String, Long>> buffers = new LinkedHashMap<>();
            if (engines.contains(Engine.LLAMA_CPP)) {
                ComputeBuffer buffer = new ComputeBuffer(sizes.decoder());
                Map<String, Long> byOption = new LinkedHashMap<>();
                byOption.put("flash-attn on", buffer.bytes(tokens, true));
                byOption.put("flash-attn off", buffer.bytes(tokens, false));
                buffers.put(Engine.LLAMA_CPP.label(), byOption);
            }
            Map<String, Long> perplexity = new LinkedHashMap<>();
            Map<String, Long> passkey = new LinkedHashMap<>();
            for (Precision precision : Precision.values()) {
                InferenceMemory.Decoder decoder = new InferenceMemory.Decoder(sizes.decoder(), precision, threads);
                perplexity.put(
                        precision.label(),
                        PerplexityStudy.memory(decoder, tokens, sizes.bytes()).bytes());
                passkey.put(
                        precision.label(),
                        PasskeyStudy.memory(decoder, tokens, sizes.bytes()).bytes());
            }
            return new AtLength(tokens, byEngine, buffers, perplexity, passkey);
        }
    }

    /**
     * Of a model.
     *
     * @param lengths tokens of texts
     */
    static MemoryNeed of(ModelPositions model, List<Long> lengths) {
        int threads = Runtime.getRuntime().availableProcessors();
        long available = MachineMemory.now().available();
        ModelFormat format = model instanceof GgufModel ? ModelFormat.GGUF : ModelFormat.HUGGING_FACE;
        List<Engine> engines = KeyValueCache.ENGINES.stream()
                .filter(engine -> engine.reads(format))
                .toList();
        try {
            ModelSizes sizes = model.sizes();
            List<AtLength> needs = lengths.stream()
                    .distinct()
                    .filter(tokens -> tokens <= LONGEST)
                    .sorted()
                    .map(tokens -> AtLength.of(sizes, engines, tokens, threads))
                    .toList();
            Map<String, String> checked = new LinkedHashMap<>();
            engines.forEach(engine -> checked.put(engine.label(), KeyValueCache.checked(engine)));
            int error = new ComputeBuffer(sizes.decoder()).errorPercent();
            checked.computeIfPresent(
                    Engine.LLAMA_CPP.label(), (engine, how) -> how + "; compute within " + error + " %");
            return new MemoryNeed(sizes.weights(), needs, checked, available, null);
        } catch (ModelFormatException unknown) {
            return notKnown(unknown);
        }
    }

    /** Of a model that can't be told. */
    static MemoryNeed notKnown(ModelFormatException reason) {
        return new MemoryNeed(
                List.of(), List.of(), Map.of(), MachineMemory.now().available(), String.valueOf(reason.getMessage()));
    }

    /** A table for people, after an empty line. */
    void print(PrintWriter out) {
        out.println();
        if (notKnown != null) {
            out.println("Memory: not known: " + notKnown);
            return;
        }
        out.printf(Locale.ROOT, "Memory in MB, of which %s are free here now%n", megabytes(available));
        String types = weights.stream()
                .map(stored -> stored.type() + " " + megabytes(stored.bytes()))
                .collect(Collectors.joining(", "));
        long bytes = weights.stream().mapToLong(ModelSizes.Stored::bytes).sum();
        row(
                out,
                "tokens",
                each(AtLength::tokens).stream()
                        .map(tokens -> String.format(Locale.ROOT, "%,d", tokens))
                        .toList());
        Map<String, Map<String, Long>> byEngine =
                lengths.isEmpty() ? Map.of() : lengths.get(0).keysAndValues();
        byEngine.forEach((engine, byType) -> SHOWN.stream()
                .filter(byType::containsKey)
                .forEach(type -> row(
                        out,
                        "keys and values, " + engine + ", " + type,
                        shown(at -> at.keysAndValues()
                                .getOrDefault(engine, Map.of())
                                .getOrDefault(type, 0L)))));
        Map<String, Map<String, Long>> buffers =
                lengths.isEmpty() ? Map.of() : lengths.get(0).computeBuffer();
        buffers.forEach((engine, byOption) -> byOption.keySet()
                .forEach(option -> row(
                        out,
                        "compute, " + engine + ", " + option,
                        shown(at -> at.computeBuffer()
                                .getOrDefault(engine, Map.of())
                                .getOrDefault(option, 0L)))));
        for (Precision precision : Precision.values()) {
            row(
                    out,
                    "perplexity here, " + precision.label(),
                    shown(at -> at.perplexity().getOrDefault(precision.label(), 0L)));
        }
        for (Precision precision : Precision.values()) {
            row(
                    out,
                    "passkey and generate here, " + precision.label(),
                    shown(at -> at.passkey().getOrDefault(precision.label(), 0L)));
        }
        out.println("weights " + megabytes(bytes) + " (" + types + ")");
        checked.forEach((engine, how) -> out.println(engine + ": " + how));
    }

    private List<String> shown(ToLongFunction<AtLength> value) {
        return each(value).stream().map(MemoryNeed::megabytes).toList();
    }

    private List<Long> each(ToLongFunction<AtLength> value) {
        List<Long> values = new ArrayList<>();
        lengths.forEach(at -> values.add(value.applyAsLong(at)));
        return values;
    }

    private static void row(PrintWriter out, String name, List<String> values) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-42s", name));
        values.forEach(value -> line.append(String.format(Locale.ROOT, "%12s", value)));
        out.println(line);
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f", bytes * 1e-6);
    }
}
