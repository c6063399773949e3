package resonance.rope;

import java.util.List;

/**
 * A position encoding that models are trained with beside RoPE, to be compared with it: those that the authors' code has as
 * baselines (Wang et al. 2024). It has no wavelengths, so no scaling and no Resonance applies, and no settings.
 *
 * <p>Here stand names alone, by which records and pages know them; what each does to a decoder is the trainer's to know.
 *
 * @param name of {@link RopeEncodings#forTraining}
 * @param label for tables and charts: "ALiBi"
 * @param source where it is from, or what it does, in a few words
 */
public record NonRotaryMethod(String name, String label, String source) implements EncodingMethod {
    /**
     * No encoding: positions differ by the causal mask alone. Haviv et al., 2022, arXiv:2203.16634; the name is that of
     * Kazemnejad et al., 2023, arXiv:2305.19466, since {@code none} is RoPE without a <em>scaling</em> here.
     */
    public static final NonRotaryMethod NOPE = new NonRotaryMethod("nope", "NoPE", "no encoding");

    /** Sines and cosines added to the embedding. Vaswani et al., 2017, arXiv:1706.03762, section 3.5. */
    public static final NonRotaryMethod SINUSOIDAL =
            new NonRotaryMethod("sinusoidal", "Sinusoidal", "Attention Is All You Need");

    /** Scores that fall with the distance. Press et al., 2022, arXiv:2108.12409, section 3. */
    public static final NonRotaryMethod ALIBI = new NonRotaryMethod("alibi", "ALiBi", "attention with linear biases");

    /** Scores with a learned bias for each range of distances. Raffel et al., 2020, arXiv:1910.10683, section 2.1. */
    public static final NonRotaryMethod T5 = new NonRotaryMethod("t5", "T5 relative bias", "T5");

    /** All of them, in the order to show them. */
    public static final List<NonRotaryMethod> ALL = List.of(NOPE, SINUSOIDAL, ALIBI, T5);

    @Override
    public List<Parameter<?>> parameters() {
        return List.of();
    }

    @Override
    public String toString() {
        return name;
    }
}
