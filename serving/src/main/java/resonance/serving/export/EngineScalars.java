package resonance.serving.export;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.gguf.EngineScaling;

/**
 * The few numbers by which llama.cpp can be told an encoding of an architecture for which it reads no divisors.
 *
 * <p>Two forms exist, both as {@link EngineScaling} has them: {@code base^(-2j/d) / factor}, with any base, and YaRN with
 * its usual bounds on the model's own base.
 *
 * @param base rotary base
 * @param yarn whether it is the second form
 * @param factor s, above 0
 * @param magnitude {@code attn_factor}, beside YaRN's own {@code 1 + 0.1 ln s}
 */
record EngineScalars(double base, boolean yarn, double factor, double magnitude) {
    /** Keys are float32, and so is llama.cpp's arithmetic: the frequencies of neighbouring encodings are farther apart. */
    private static final double TOLERANCE = 1e-6;

    /** The numbers that give these frequencies to float32's rounding, if there are any. */
    static Optional<EngineScalars> of(RopeFrequencies wanted, RopeShape own) {
        return Stream.of(ownBase(wanted, own), scaledBase(wanted), yarn(wanted, own))
                .map(EngineScalars::inFloat32)
                .filter(scalars -> scalars.gives(wanted, own))
                .findFirst();
    }

    private static EngineScalars ownBase(RopeFrequencies wanted, RopeShape own) {
        return new EngineScalars(own.base(), false, 1 / wanted.radiansPerToken(0), wanted.attentionScale());
    }

    /** A base and a factor from the first two pairs; a head of one pair has no base. */
    private static EngineScalars scaledBase(RopeFrequencies wanted) {
        double first = wanted.radiansPerToken(0);
        double ratio = wanted.pairs() == 1 ? 0 : first / wanted.radiansPerToken(1);
        double base = Math.pow(ratio, wanted.pairs());
        return new EngineScalars(base, false, 1 / first, wanted.attentionScale());
    }

    /** YaRN divides its last pair by the whole factor. */
    private static EngineScalars yarn(RopeFrequencies wanted, RopeShape own) {
        int last = wanted.pairs() - 1;
        double factor = own.radiansPerToken(last) / wanted.radiansPerToken(last);
        double ownMagnitude = factor > 1 ? 1 + 0.1 * Math.log(factor) : 1;
        return new EngineScalars(own.base(), true, factor, wanted.attentionScale() / ownMagnitude);
    }

    private EngineScalars inFloat32() {
        return new EngineScalars((float) base, yarn, near(factor, 1), near(magnitude, 1));
    }

    /** Rounded to float32, and to a number that it can only be meant to be. */
    private static double near(double value, double plain) {
        return Math.abs(value - plain) < TOLERANCE ? plain : (float) value;
    }

    private boolean gives(RopeFrequencies wanted, RopeShape own) {
        if (!(base > 1) || !isPositive(base) || !isPositive(factor) || !isPositive(magnitude)) {
            return false;
        }
        RopeFrequencies given =
                new EngineScaling(yarn, factor, magnitude, List.of(), List.of()).frequencies(own.withBase(base));
        for (int pair = 0; pair < wanted.pairs(); pair++) {
            if (!isNear(given.radiansPerToken(pair), wanted.radiansPerToken(pair))) {
                return false;
            }
        }
        return isNear(given.attentionScale(), wanted.attentionScale());
    }

    private static boolean isPositive(double value) {
        return value > 0 && value < Float.MAX_VALUE;
    }

    private static boolean isNear(double value, double wanted) {
        return Math.abs(value - wanted) <= TOLERANCE * wanted;
    }
}
