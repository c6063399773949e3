package resonance.decoder;

import java.util.Collections;
import java.util.List;

/** Which positions a query of a layer sees, and how it weighs them: by a softmax unless said otherwise. */
public sealed interface AttentionKind {
    /** Every position up to its own. */
    AttentionKind FULL = new Full();

    /** Every position up to its own, without a softmax. */
    AttentionKind LINEAR = new Linear();

    /** Every position up to the query's own. */
    record Full() implements AttentionKind {
        @Override
        public int window() {
            return 0;
        }
    }

    /**
     * The query's own position and those right before it.
     *
     * @param window how many positions together, at least 1
     */
    record SlidingWindow(int window) implements AttentionKind {
        public SlidingWindow {
            SizeRules.requireAtLeast("window", window, 1);
        }
    }

    /**
     * Every position up to the query's own, weighed by products of positive features in place of the softmax (Katharopoulos et
     * al., 2020, arXiv:2006.16236), rotated in the numerator alone (RoFormer, section 3.3).
     *
     * <pre>
     *   o_t = Σ_u (R_t φ(q_t))·(R_u φ(k_u)) v_u / Σ_u φ(q_t)·φ(k_u),   u ≤ t,   φ(x) = elu(x) + 1 </pre>
     *
     * <p>Weights may be negative and need not sum to 1. There are no logits, so neither a scale of logits nor YaRN's factor on
     * cosine and sine changes anything, and a bias on scores is refused.
     */
    record Linear() implements AttentionKind {
        @Override
        public int window() {
            return 0;
        }
    }

    /** How many positions a query sees, its own included; 0 for all. */
    int window();

    /** The kind with this {@link #window} and a softmax. */
    static AttentionKind ofWindow(int window) {
        return window == 0 ? FULL : new SlidingWindow(window);
    }

    /** Layers with these windows, first to last. */
    static List<AttentionKind> ofWindows(List<Integer> windows) {
        return windows.stream().map(AttentionKind::ofWindow).toList();
    }

    /** So many layers that see everything. */
    static List<AttentionKind> full(int layers) {
        int most = 10_000;
        SizeRules.requireAtLeast("layers", layers, 1);
        SizeRules.require(layers <= most, "layers", "at most " + most, layers);
        return Collections.nCopies(layers, FULL);
    }
}
