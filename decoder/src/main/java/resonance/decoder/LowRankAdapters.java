package resonance.decoder;

import static resonance.decoder.SizeRules.requireAboveZero;
import static resonance.decoder.SizeRules.requireAtLeast;

import java.util.EnumSet;
import java.util.Set;
import resonance.rope.Refusal;

/**
 * Low-rank adapters on matrices of every layer, which are trained in place of the matrices ("LoRA"; Hu et al., 2021,
 * arXiv:2106.09685, section 4.1).
 *
 * <pre>
 *   y = x W^T + scale · (x A^T) B^T      A (r, in), B (out, r), scale = alpha / r
 *   W' = W + scale · B A                 the same as one matrix </pre>
 *
 * <p>A new B is 0, so a new adapter changes nothing. A new A is uniform in ±1/√in, as PEFT draws it (Kaiming's bound with
 * a = √5); the paper has it normal.
 *
 * @param rank r, at least 1
 * @param alpha above 0
 * @param targets roles of matrices in layers, at least one of {@link #POSSIBLE}
 * @param seed of the first A
 */
public record LowRankAdapters(int rank, double alpha, Set<ParameterRole> targets, long seed) {
    /** What can have an adapter. */
    public static final Set<ParameterRole> POSSIBLE = Set.copyOf(EnumSet.of(
            ParameterRole.QUERY,
            ParameterRole.KEY,
            ParameterRole.VALUE,
            ParameterRole.ATTENTION_OUTPUT,
            ParameterRole.GATE,
            ParameterRole.UP,
            ParameterRole.DOWN));

    public LowRankAdapters {
        requireAtLeast("rank", rank, 1);
        requireAboveZero("alpha", alpha);
        targets = Set.copyOf(targets);
        if (targets.isEmpty() || !POSSIBLE.containsAll(targets)) {
            throw Refusal.of(
                    "targets",
                    "must be at least one of " + names(POSSIBLE),
                    targets.isEmpty() ? "were none" : "were " + names(targets));
        }
    }

    /** alpha / r. */
    public double scale() {
        return alpha / rank;
    }

    private static String names(Set<ParameterRole> roles) {
        return String.join(
                ", ", EnumSet.copyOf(roles).stream().map(ParameterRole::label).toList());
    }

    /**
     * One matrix's adapter in the flat vector of a {@link ParameterLayout}: A, row-major, and right after it B.
     *
     * @param parameter the matrix
     * @param offset index of A's first element
     * @param rank r
     */
    public record Place(Parameter parameter, long offset, int rank) {
        /** Index of B's first element, and the one after A's last. */
        public long secondOffset() {
            return offset + (long) rank * parameter.columns();
        }

        /** Index after B's last element. */
        public long end() {
            return secondOffset() + rank * parameter.shape().get(0);
        }
    }
}
