package resonance.evaluation.search;

import java.util.List;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;

/**
 * What an encoding does to plain RoPE, as numbers: {@code theta'_j = theta_j / divisors[j]}.
 *
 * @param divisors one a pair, from the fastest to the slowest
 * @param attentionFactor factor on cosine and sine, above 0
 */
public record Factors(List<Double> divisors, double attentionFactor) {
    /** Steps of a searched number, so that it is the same in a command line: a hundredth of LongRoPE's 0.01. */
    private static final double STEPS = 10_000;

    public Factors {
        divisors = List.copyOf(divisors);
        if (divisors.isEmpty()) {
            throw new IllegalArgumentException("divisors must be one a pair, were none");
        }
    }

    /** Those of frequencies, against plain RoPE of a shape. */
    public static Factors of(RopeShape shape, RopeFrequencies frequencies) {
        Double[] divisors = new Double[shape.pairs()];
        for (int pair = 0; pair < divisors.length; pair++) {
            divisors[pair] = shape.radiansPerToken(pair) / frequencies.radiansPerToken(pair);
        }
        return new Factors(List.of(divisors), frequencies.attentionScale());
    }

    /** The same in steps of 0.0001. */
    Factors rounded() {
        return new Factors(divisors.stream().map(Factors::rounded).toList(), rounded(attentionFactor));
    }

    private static double rounded(double value) {
        return Math.rint(value * STEPS) / STEPS;
    }

    /** Mean square of the differences of two sets' logarithms of divisors. */
    double distance(Factors other) {
        double sum = 0;
        for (int pair = 0; pair < divisors.size(); pair++) {
            double difference = Math.log(divisors.get(pair) / other.divisors.get(pair));
            sum += difference * difference;
        }
        return sum / divisors.size();
    }
}
