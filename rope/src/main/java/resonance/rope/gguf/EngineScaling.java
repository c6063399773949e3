package resonance.rope.gguf;

import java.util.List;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;

/**
 * The position encoding that llama.cpp computes for a GGUF file.
 *
 * <pre>
 *   e_j      = base^(-2j/headSize) / divisor_j                own frequency, radians per token
 *   theta'_j = e_j / factor                                   without YaRN
 *   theta'_j = e_j / factor * (1 - r_j) + e_j * r_j           with YaRN
 *   r_j      = 1 - clamp((j - low) / max(high - low, 0.001), 0, 1)
 *   low      = max(floor(c(32)), 0)      high = min(ceil(c(1)), headSize - 1)
 *   c(n)     = headSize * ln(trainedLength / (2*pi*n)) / (2 * ln(base)) </pre>
 *
 * <p>The divisors are those for long texts if the sequence length exceeds the trained length, else those for short
 * texts; without any they are 1. Attention scale: {@code magnitude}, with YaRN times {@code 1 + 0.1*ln(factor)} if factor
 * is above 1. YaRN's bounds are 32 and 1 in whole indices whatever the file says, as no file can tell llama.cpp others.
 *
 * <p>Read from llama.cpp's sources (rope_yarn, ggml_rope_yarn_corr_dims, the context's set-up of its yarn parameters) and
 * checked against its logits. Differs in that llama.cpp computes in float32.
 *
 * @param yarn whether low frequencies alone are divided by the factor
 * @param factor s, above 0
 * @param magnitude factor on cosine and sine, above 0
 * @param shortDivisors one per pair, each above 0; empty for ones
 * @param longDivisors one per pair, each above 0; empty for ones
 */
public record EngineScaling(
        boolean yarn, double factor, double magnitude, List<Double> shortDivisors, List<Double> longDivisors)
        implements RopeScaling {
    private static final double BETA_FAST = 32;
    private static final double BETA_SLOW = 1;
    private static final double SMALLEST_RAMP = 0.001;

    public EngineScaling {
        requireAbove0("factor", factor);
        requireAbove0("magnitude", magnitude);
        shortDivisors = List.copyOf(shortDivisors);
        longDivisors = List.copyOf(longDivisors);
        for (int pair = 0; pair < shortDivisors.size(); pair++) {
            requireAbove0("shortDivisors[" + pair + "]", shortDivisors.get(pair));
        }
        for (int pair = 0; pair < longDivisors.size(); pair++) {
            requireAbove0("longDivisors[" + pair + "]", longDivisors.get(pair));
        }
    }

    private static void requireAbove0(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be a finite number above 0, was " + value);
        }
    }

    /** By what it comes to: "divisors" where every pair has one of its own. */
    @Override
    public String label() {
        boolean divisors = !shortDivisors.isEmpty() || !longDivisors.isEmpty();
        return divisors ? "divisors" : yarn ? "yarn" : factor == 1 ? "none" : "linear";
    }

    @Override
    public RopeFrequencies frequencies(RopeShape shape) {
        double[] radians = shape.radiansPerToken();
        List<Double> divisors = shape.sequenceLength() > shape.trainedLength() ? longDivisors : shortDivisors;
        if (!divisors.isEmpty() && divisors.size() != radians.length) {
            throw new IllegalArgumentException("divisors must be one per pair (" + radians.length + " for headSize "
                    + shape.headSize() + "), were " + divisors.size());
        }
        double low = Math.max(Math.floor(turningPair(shape, BETA_FAST)), 0);
        double high = Math.min(Math.ceil(turningPair(shape, BETA_SLOW)), shape.headSize() - 1);
        double ramp = Math.max(high - low, SMALLEST_RAMP);
        for (int pair = 0; pair < radians.length; pair++) {
            double own = divisors.isEmpty() ? radians[pair] : radians[pair] / divisors.get(pair);
            double divided = yarn ? Math.min(1, Math.max(0, (pair - low) / ramp)) : 1;
            radians[pair] = divided == 1 ? own / factor : own / factor * divided + own * (1 - divided);
        }
        return RopeFrequencies.of(radians, attentionScale());
    }

    private double attentionScale() {
        return yarn && factor > 1 ? (1 + 0.1 * Math.log(factor)) * magnitude : magnitude;
    }

    private static double turningPair(RopeShape shape, double turns) {
        return shape.headSize()
                * Math.log(shape.trainedLength() / (turns * 2 * Math.PI))
                / (2 * Math.log(shape.base()));
    }

    @Override
    public boolean dependsOnSequenceLength() {
        return !shortDivisors.equals(longDivisors);
    }
}
