package resonance.serving.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import resonance.model.gguf.GgmlType;
import resonance.model.gguf.GgufTensor;
import resonance.rope.EncodingName;
import resonance.rope.RopeShape;
import resonance.rope.Rounding;
import resonance.rope.gguf.GgufKeys;

/** The tensors of a GGUF file as llama.cpp loads them: divisors of frequencies, and where the data lies. */
final class GgufTensorRules {
    private final GgufReading file;
    private final EngineFindings findings;

    GgufTensorRules(GgufReading file, EngineFindings findings) {
        this.file = file;
        this.findings = findings;
    }

    void check() {
        offsets();
        boolean longRope = file.isScaling("longrope");
        List<GgufTensor> read = new ArrayList<>();
        for (String name : List.of(GgufKeys.DIVISORS, GgufKeys.SHORT_DIVISORS, GgufKeys.LONG_DIVISORS)) {
            Optional<GgufTensor> tensor = file.tensor(name);
            boolean loaded = loads(name, longRope);
            if (tensor.isPresent() && loaded) {
                read.add(tensor.get());
            } else if (tensor.isPresent()) {
                unexpected(name);
            }
        }
        read.forEach(this::malformed);
        if (file.factor() == 1 || file.isScaling("none")) {
            read.forEach(this::periods);
        }
        if (!read.isEmpty() && file.factor() != 1 && !file.isScaling("none")) {
            findings.about(
                    LintRule.STACKED_DIVISORS,
                    file.factorKey(),
                    " = " + Shown.number(file.factor()) + " is applied on top of "
                            + read.get(0).name());
        }
        if (longRope) {
            longRope(read);
        }
    }

    /** Divisors of all texts, or two lists; where an architecture has both, the type of scaling chooses. */
    private boolean loads(String name, boolean longRope) {
        LlamaCppArchitecture kind = file.kind();
        boolean single = name.equals(GgufKeys.DIVISORS);
        boolean chooses = kind.loadsDivisors() && kind.loadsTwoLists();
        return (single ? kind.loadsDivisors() : kind.loadsTwoLists()) && (!chooses || single != longRope);
    }

    private void unexpected(String name) {
        String why;
        String remedy;
        boolean other = file.kind().loadsDivisors() && file.kind().loadsTwoLists();
        if (other) {
            why = "with scaling type " + file.scalingType().orElse("linear");
            remedy = "write type none with rope_freqs.weight alone";
        } else {
            why = "for architecture '" + file.architecture() + "'";
            remedy = "remove the tensor"
                    + (file.architecture().equals("qwen2") ? "; 'resonance export' can write qwen2 as llama" : "");
        }
        findings.about(
                LintRule.UNEXPECTED_DIVISORS,
                name,
                " is not loaded " + why + "; the model fails to load (wrong number of tensors)",
                remedy);
    }

    private void malformed(GgufTensor tensor) {
        String remedy = "write one F32 per pair: base frequency over wanted frequency";
        long pairs = file.length("rope.dimension_count").or(file::headSize).orElse(0L) / 2;
        if (tensor.type() != GgmlType.F32 || (pairs > 0 && tensor.elements() != pairs)) {
            findings.about(
                    LintRule.MALFORMED_DIVISORS,
                    tensor.name(),
                    " must be " + (pairs > 0 ? pairs + " values of F32" : "of F32") + ", was " + tensor.sizes() + " of "
                            + tensor.type() + "; the model fails to load or to run",
                    remedy);
        }
        file.values(tensor).stream()
                .filter(value -> !(value > 0) || value.isInfinite())
                .findFirst()
                .ifPresent(value -> findings.about(
                        LintRule.MALFORMED_DIVISORS,
                        tensor.name(),
                        " must hold finite numbers above 0, had " + Shown.number(value)
                                + "; its frequency is of no use",
                        remedy + "; 1e30 for a pair that shall not rotate"));
    }

    /** Frequencies of Resonance, as 'resonance export' writes them. */
    private void periods(GgufTensor tensor) {
        double base = file.number(file.key(GgufKeys.BASE)).orElse(RopeShape.DEFAULT_BASE);
        List<Double> divisors =
                file.values(tensor).stream().map(Float::doubleValue).toList();
        Rounding exported = file.string(GgufKeys.EXPORTED_ENCODING)
                .map(EncodingName::roundingOf)
                .map(rounding -> rounding.bounded(Math.toIntExact(Math.min(Integer.MAX_VALUE, trainedLength()))))
                .orElse(Rounding.NONE);
        DivisorPeriods.said(base, divisors, exported)
                .ifPresent(periods -> findings.about(LintRule.RESONANT_DIVISORS, tensor.name(), periods));
    }

    /** Tokens that the file says were trained on, or its context; 0 if neither. */
    private long trainedLength() {
        return file.length("rope.scaling.original_context_length")
                .or(() -> file.length("context_length"))
                .orElse(0L);
    }

    private void longRope(List<GgufTensor> read) {
        String key = file.key("rope.scaling.type");
        if (read.isEmpty()) {
            findings.about(
                    LintRule.LONGROPE_WITHOUT_DIVISORS,
                    key,
                    " is longrope and no divisors are read; frequencies are "
                            + (file.factor() != 1 ? "all divided by " + Shown.number(file.factor()) : "unscaled"),
                    file.kind().loadsDivisors()
                            ? "write the encoding with 'resonance export'"
                            : "only linear and yarn can be written for this architecture");
        } else if (read.size() == 1 || !file.values(read.get(0)).equals(file.values(read.get(1)))) {
            findings.add(
                    LintRule.LONGROPE_BY_CONTEXT,
                    key,
                    "the long divisors are used if the context asked for (-c) is above " + trainedLength()
                            + " tokens, else the short ones, whatever a text's length");
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
                    findings.about(
                            LintRule.TENSOR_OFFSETS,
                            tensor.name(),
                            " must begin at byte " + expected + ", where " + before.name() + " ends, began at "
                                    + tensor.position() + "; the file is refused");
                    return;
                }
            }
            before = tensor;
        }
    }
}
