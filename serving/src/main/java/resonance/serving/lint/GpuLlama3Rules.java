package resonance.serving.lint;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import resonance.rope.gguf.GgufKeys;

/**
 * What GPULlama3.java makes of a GGUF file: read in its loaders (LlamaModelLoader, MistralModelLoader, Qwen2ModelLoader,
 * Qwen3ModelLoader), which build tables from {@code rope.freq_base} alone, and in the kernels of its GPU (
 * TransformerComputeKernelsLayered, TransformerBatchPrefillKernels, Qwen3Kernels), which use no table but a base of their own:
 * 50,000 for llama and mistral, 1,000,000 for qwen2 and qwen3. Devstral, which it tells by its name, has YaRN and tables.
 */
final class GpuLlama3Rules {
    /** The base that the kernels have, by architecture. */
    static final Map<String, Double> KERNEL_BASES = Map.of("llama", 50_000.0, "qwen2", 1e6, "qwen3", 1e6);

    private static final double USUAL_BASE = 10_000;

    private final GgufReading file;
    private final EngineFindings findings;

    GpuLlama3Rules(GgufReading file, EngineFindings findings) {
        this.file = file;
        this.findings = findings;
    }

    void check() {
        if (isDevstral(file)) {
            return;
        }
        if (file.factor() != 1 && !file.isScaling("none")) {
            findings.about(
                    LintRule.JAVA_SCALING_UNREAD,
                    file.factorKey(),
                    " = " + Shown.number(file.factor()) + " is not read: nothing is scaled");
        }
        if (file.magnitude() != 1) {
            findings.about(
                    LintRule.JAVA_SCALING_UNREAD,
                    file.key(GgufKeys.MAGNITUDE),
                    " = " + Shown.number(file.magnitude()) + " is not read: cosines and sines keep their size");
        }
        for (String tensor : List.of(GgufKeys.DIVISORS, GgufKeys.LONG_DIVISORS, GgufKeys.SHORT_DIVISORS)) {
            if (file.tensor(tensor).isPresent()) {
                findings.about(LintRule.JAVA_SCALING_UNREAD, tensor, " is not read: frequencies are not divided by it");
            }
        }
        double base = file.number(file.key(GgufKeys.BASE)).orElse(USUAL_BASE);
        double kernels = KERNEL_BASES.getOrDefault(file.architecture(), base);
        if (base != kernels) {
            findings.about(
                    LintRule.JAVA_BASE_UNREAD,
                    file.key(GgufKeys.BASE),
                    " = " + Shown.number(base) + " is not read by the kernels of the GPU, which have "
                            + Shown.number(kernels) + "; without a GPU it is",
                    "run it without a GPU");
        }
    }

    /** Whether it takes a file for Devstral's, which it tells by the model's name. */
    static boolean isDevstral(GgufReading file) {
        return file.string("general.name")
                .filter(name -> name.toLowerCase(Locale.ROOT).contains("devstral"))
                .isPresent();
    }
}
