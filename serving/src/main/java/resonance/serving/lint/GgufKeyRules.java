package resonance.serving.lint;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import resonance.model.gguf.GgufValueType;

/** The keys of a GGUF file as llama.cpp reads them: their types and ranges, and what is not about scaling. */
final class GgufKeyRules {
    private static final long LONG_TEXT = 100_000;

    /** Architectures whose loader refuses heads that rotate in part. */
    private static final Set<String> WHOLE_HEADS = Set.of("llama", "deci", "falcon", "llama-embed");

    private final GgufReading file;
    private final EngineFindings findings;

    GgufKeyRules(GgufReading file, EngineFindings findings) {
        this.file = file;
        this.findings = findings;
    }

    void check() {
        if (file.architecture().isEmpty()) {
            findings.about(
                    LintRule.GGUF_MISSING_KEY,
                    "general.architecture",
                    " is absent or no string; the model fails to load",
                    "write the file anew from its source");
            return;
        }
        types();
        ranges();
        if (!file.kind().hasWindow()) {
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
        type("rope.scaling.finetuned", GgufValueType.BOOL, "bool");
        type("rope.scaling.alpha", GgufValueType.FLOAT32, "f32");
        for (String read : List.of(
                "yarn_beta_fast", "yarn_beta_slow", "yarn_ext_factor", "yarn_attn_factor", "yarn_log_multiplier")) {
            if (file.kind().readsKey(read)) {
                type("rope.scaling." + read, GgufValueType.FLOAT32, "f32");
            }
        }
        if (file.kind().hasWindow()) {
            type("attention.sliding_window", GgufValueType.UINT32, "u32");
            type("rope.freq_base_swa", GgufValueType.FLOAT32, "f32");
        }
        String key = file.key("context_length");
        if (file.type(key).isEmpty()) {
            findings.about(
                    LintRule.GGUF_MISSING_KEY,
                    key,
                    " is absent; the model fails to load",
                    "add it as u32: the longest text to be served, in tokens");
        }
    }

    private void type(String name, GgufValueType wanted, String label) {
        String key = file.key(name);
        file.type(key)
                .filter(type -> type != wanted)
                .ifPresent(type -> findings.about(
                        LintRule.GGUF_WRONG_TYPE,
                        key,
                        " must be of type " + label + ", was " + type.name().toLowerCase(Locale.ROOT)
                                + "; the model fails to load",
                        "write it as " + label));
    }

    private void ranges() {
        range(file.key("rope.freq_base"), 1);
        range(file.key("rope.scaling.attn_factor"), 0);
        if (file.factor() < 0) {
            range(file.factorKey(), 0);
        }
    }

    private void range(String key, double bound) {
        file.number(key)
                .filter(value -> value <= bound)
                .ifPresent(value -> findings.about(
                        LintRule.GGUF_OUT_OF_RANGE,
                        key,
                        " must be above " + Shown.number(bound) + ", was " + Shown.number(value)
                                + "; the encoding is of no use"));
    }

    private void window() {
        Optional<Long> window = file.length("attention.sliding_window");
        if (window.isPresent() && window.get() < file.length("context_length").orElse(Long.MAX_VALUE)) {
            findings.about(
                    LintRule.WINDOW_UNREAD,
                    file.key("attention.sliding_window"),
                    " = " + window.get() + " is not read by llama.cpp, which uses no window");
        }
    }

    private void dimensionCount() {
        Optional<Long> count = file.length("rope.dimension_count");
        Optional<Long> head = file.headSize();
        if (WHOLE_HEADS.contains(file.architecture()) && count.isPresent() && head.isPresent() && !count.equals(head)) {
            findings.about(
                    LintRule.DIMENSION_COUNT,
                    file.key("rope.dimension_count"),
                    " = " + count.get() + " must be the head size " + head.get()
                            + "; the model fails to load (invalid n_rot)");
        }
    }

    private void whole() {
        long parts = file.whole("split.count").orElse(1L);
        if (parts > 1) {
            findings.add(
                    LintRule.SPLIT_FILE,
                    "split.count",
                    "this is one of " + parts + " parts; the tensors of the others were not looked at");
        }
        long context = file.length("context_length").orElse(0L);
        if (context > LONG_TEXT) {
            findings.add(
                    LintRule.FLOAT_ANGLES,
                    file.key("context_length"),
                    "angles are computed in float32; at position " + context + " that of the fastest pair is exact to "
                            + Shown.rounded(Math.ulp((float) context) / 2) + " radians");
        }
    }
}
