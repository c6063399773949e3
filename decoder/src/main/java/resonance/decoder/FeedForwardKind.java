package resonance.decoder;

/** The activation between the feed-forward's two projections. */
public enum FeedForwardKind {
    /** max(0, W_up h), as in T5 v1.0. */
    RELU(false),
    /** silu(W_gate h) · (W_up h), as in LLaMA; silu(x) = x / (1 + e^(-x)). */
    SWIGLU(true),
    /** gelu(W_gate h) · (W_up h) with the tanh form of GELU, as in Gemma. */
    GEGLU(true);

    private final boolean gated;

    FeedForwardKind(boolean gated) {
        this.gated = gated;
    }

    /** Whether the first projection has a gate half before its up half. */
    public boolean gated() {
        return gated;
    }
}
