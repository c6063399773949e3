package resonance.serving.lint;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import resonance.model.gguf.GgufValueType;

/** The keys of a GGUF file as llama.cpp reads them: their types and ranges, and what is not about scaling. */
final class GgufKeyRules {
    private static final long LONG_TEXT = 100_000;

    private final GgufReading file;
    private final Findings findings;

    GgufKeyRules(GgufReading file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    void check() {
        if (file.architecture().isEmpty()) {
            add(
                    LintRule.GGUF_MISSING_KEY,
                    "general.architecture",
                    "general.architecture is absent or no string; the model fails to load",
                    "write the file anew from its source");
            return;
        }
        types();
        ranges();
        if (file.isKnown()) {
            window();
        }
        dimensionCount();
        whole();
        new GgufScalingRules(file, findings).check();
    }

    private void types() {
        type("context_length", GgufValueType.UINT32, "u32");
        type("rope.dimension_count", GgufValueType.UINT32, "u32");
        type("rope.scaling.original_context_length", GgufValueType.UINT32, "u32");
        type("rope.freq_base", GgufValueType.FLOAT32, "f32");
        type("rope.scaling.factor", GgufValueType.FLOAT32, "f32");
        type("rope.scaling.attn_factor", GgufValueType.FLOAT32, "f32");
        type("rope.scaling.type", GgufValueType.STRING, "str");
        String key = file.key("context_length");
        if (file.type(key).isEmpty()) {
            add(
                    LintRule.GGUF_MISSING_KEY,
                    key,
                    key + " is absent; the model fails to load",
                    "add it as u32: the longest text to be served, in tokens");
        }
    }

    private void type(String name, GgufValueType wanted, String label) {
        String key = file.key(name);
        file.type(key)
                .filter(type -> type != wanted)
                .ifPresent(type -> add(
                        LintRule.GGUF_WRONG_TYPE,
                        key,
                        key + " must be of type " + label + ", was "
                                + type.name().toLowerCase(Locale.ROOT) + "; the model fails to load",
                        "write it as " + label));
    }

    private void ranges() {
        range("rope.freq_base", 1);
        range("rope.scaling.attn_factor", 0);
        if (file.number(file.factorKey()).orElse(0) < 0) {
            range(file.factorKey().substring(file.architecture().length() + 1), 0);
        }
    }

    private void range(String name, double bound) {
        String key = file.key(name);
        OptionalDouble value = file.number(key);
        if (value.isPresent() && value.getAsDouble() <= bound) {
            add(
                    LintRule.GGUF_OUT_OF_RANGE,
                    key,
                    key + " must be above " + Shown.number(bound) + ", was " + Shown.number(value.getAsDouble())
                            + "; the encoding is of no use",
                    "correct it");
        }
    }

    private void window() {
        String key = file.key("attention.sliding_window");
        OptionalLong window = file.length("attention.sliding_window");
        if (!file.architecture().equals("gemma3")
                && window.isPresent()
                && window.getAsLong() < file.length("context_length").orElse(Long.MAX_VALUE)) {
            add(
                    LintRule.WINDOW_UNREAD,
                    key,
                    key + " = " + window.getAsLong() + " is not read by llama.cpp, which uses no window",
                    "keep texts within the window, or serve with transformers or vLLM");
        }
    }

    private void dimensionCount() {
        OptionalLong count = file.length("rope.dimension_count");
        OptionalLong head = file.headSize();
        if (file.isLlama() && count.isPresent() && head.isPresent() && count.getAsLong() != head.getAsLong()) {
            String key = file.key("rope.dimension_count");
            add(
                    LintRule.DIMENSION_COUNT,
                    key,
                    key + " = " + count.getAsLong() + " must be the head size " + head.getAsLong()
                            + "; the model fails to load (invalid n_rot)",
                    "correct it; pairs that shall not rotate get a divisor of 1e30 in rope_freqs.weight");
        }
    }

    private void whole() {
        OptionalLong parts = file.whole("split.count");
        if (parts.orElse(1) > 1) {
            add(
                    LintRule.SPLIT_FILE,
                    "split.count",
                    "this is one of " + parts.getAsLong() + " parts; the tensors of the others were not looked at",
                    "merge the parts with llama-gguf-split to have all of them checked");
        }
        OptionalLong context = file.length("context_length");
        if (context.orElse(0) > LONG_TEXT) {
            add(
                    LintRule.FLOAT_ANGLES,
                    file.key("context_length"),
                    "angles are computed in float32; at position " + context.getAsLong()
                            + " that of the fastest pair is exact to "
                            + Shown.rounded(Math.ulp((float) context.getAsLong()) / 2) + " radians",
                    "nothing to mend; whole wavelengths repeat only that closely");
        }
    }

    private void add(LintRule rule, String key, String message, String remedy) {
        findings.add(Engine.LLAMA_CPP, rule, key, message, remedy);
    }
}
