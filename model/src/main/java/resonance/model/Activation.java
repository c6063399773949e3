package resonance.model;

/** The function inside a gated feed-forward, on the gate half. */
public enum Activation {
    /** x·sigmoid(x): SwiGLU. */
    SILU,
    /** The tanh form of GELU: GeGLU of the Gemma models. */
    GELU_TANH
}
