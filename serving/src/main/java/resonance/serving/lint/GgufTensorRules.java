package resonance.serving.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import resonance.model.gguf.GgmlType;
import resonance.model.gguf.GgufTensor;

/** The tensors of a GGUF file as llama.cpp and vLLM load them: divisors of frequencies, and where the data lies. */
final class GgufTensorRules {
    private static final String DIVISORS = "rope_freqs.weight";
    private static final String LONG_DIVISORS = "rope_factors_long.weight";
    private static final String SHORT_DIVISORS = "rope_factors_short.weight";

    private final GgufReading file;
    private final Findings findings;

    GgufTensorRules(GgufReading file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    void check() {
        offsets();
        if (!file.isKnown()) {
            return;
        }
        boolean longRope = file.isScaling("longrope");
        List<GgufTensor> read = new ArrayList<>();
        for (String name : List.of(DIVISORS, SHORT_DIVISORS, LONG_DIVISORS)) {
            Optional<GgufTensor> tensor = file.tensor(name);
            boolean loaded = file.isLlama() && name.equals(DIVISORS) != longRope;
            if (tensor.isPresent() && loaded) {
                read.add(tensor.get());
            } else if (tensor.isPresent()) {
                unexpected(name, longRope);
            }
        }
        read.forEach(this::malformed);
        stacked(read);
        if (longRope) {
            longRope(read);
        }
    }

    private void unexpected(String name, boolean longRope) {
        String why = !file.isLlama()
                ? "is not loaded for architecture '" + file.architecture() + "'"
                : "is not loaded with scaling type "
                        + (longRope ? "longrope" : file.scalingType().orElse("linear"));
        add(
                LintRule.UNEXPECTED_DIVISORS,
                name,
                name + " " + why + "; the model fails to load (wrong number of tensors)",
                file.isLlama()
                        ? "write type none with rope_freqs.weight alone"
                        : "remove the tensor"
                                + (file.architecture().equals("qwen2")
                                        ? "; 'resonance export' can write qwen2 as llama"
                                        : ""));
    }

    private void malformed(GgufTensor tensor) {
        String remedy = "write one F32 per pair: base frequency over wanted frequency";
        OptionalLong head = file.headSize();
        long pairs = file.length("rope.dimension_count").orElse(head.orElse(0)) / 2;
        if (tensor.type() != GgmlType.F32 || (pairs > 0 && tensor.elements() != pairs)) {
            add(
                    LintRule.MALFORMED_DIVISORS,
                    tensor.name(),
                    tensor.name() + " must be " + (pairs > 0 ? pairs + " values of F32" : "of F32") + ", was "
                            + tensor.sizes() + " of " + tensor.type() + "; the model fails to load or to run",
                    remedy);
        }
        file.values(tensor).stream()
                .filter(value -> !(value > 0) || value.isInfinite())
                .findFirst()
                .ifPresent(value -> add(
                        LintRule.MALFORMED_DIVISORS,
                        tensor.name(),
                        tensor.name() + " must hold finite numbers above 0, had " + Shown.number(value)
                                + "; its frequency is of no use",
                        remedy + "; 1e30 for a pair that shall not rotate"));
    }

    private void stacked(List<GgufTensor> read) {
        if (!read.isEmpty() && file.factor() != 1 && !file.isScaling("none")) {
            add(
                    LintRule.STACKED_DIVISORS,
                    file.factorKey(),
                    file.factorKey() + " = " + Shown.number(file.factor()) + " is applied on top of "
                            + read.get(0).name(),
                    "let the tensor hold the whole divisor, and write type none");
        }
    }

    private void longRope(List<GgufTensor> read) {
        String key = file.key("rope.scaling.type");
        if (read.isEmpty()) {
            boolean linear = file.factor() != 1;
            add(
                    LintRule.LONGROPE_WITHOUT_DIVISORS,
                    key,
                    key + " is longrope and no divisors are read; frequencies are "
                            + (linear ? "all divided by " + Shown.number(file.factor()) : "unscaled"),
                    file.isLlama()
                            ? "write the encoding with 'resonance export'"
                            : "only linear and yarn can be written for this architecture");
        } else if (read.size() == 1 || !file.values(read.get(0)).equals(file.values(read.get(1)))) {
            OptionalLong trained = file.length("rope.scaling.original_context_length");
            add(
                    LintRule.LONGROPE_BY_CONTEXT,
                    key,
                    "the long divisors are used if the context asked for (-c) is above "
                            + trained.orElse(file.length("context_length").orElse(0))
                            + " tokens, else the short ones, whatever a text's length",
                    "write one list as rope_freqs.weight and type none");
        }
        if (file.isLlama()) {
            findings.add(
                    Engine.VLLM,
                    LintRule.LONGROPE_GGUF,
                    key,
                    key + " longrope is refused for a GGUF, whose pairs are interleaved (is_neox_style=False)",
                    "serve the Hugging Face folder");
        }
    }

    /** llama.cpp wants each tensor to begin where the one before it in the file's list ends, padded. */
    private void offsets() {
        GgufTensor before = null;
        for (GgufTensor tensor : file.tensors()) {
            if (before != null) {
                long end = before.position() + before.bytes();
                long expected = (end + file.alignment() - 1) / file.alignment() * file.alignment();
                if (tensor.position() != expected) {
                    add(
                            LintRule.TENSOR_OFFSETS,
                            tensor.name(),
                            tensor.name() + " must begin at byte " + expected + ", where " + before.name()
                                    + " ends, began at " + tensor.position() + "; the file is refused",
                            "write the file anew, tensors in the order of their list");
                    return;
                }
            }
            before = tensor;
        }
    }

    private void add(LintRule rule, String key, String message, String remedy) {
        findings.add(Engine.LLAMA_CPP, rule, key, message, remedy);
    }
}
