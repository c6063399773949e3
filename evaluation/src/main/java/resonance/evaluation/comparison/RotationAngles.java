package resonance.evaluation.comparison;

import java.util.List;
import resonance.rope.EncodingName;

/**
 * The rotation angle of one feature at each position, as one encoding computes it: a curve of the paper's figure 1.
 *
 * @param encoding name as in the comparison, for example {@code resonance-rope}
 * @param feature index j of the feature, from 0
 * @param wavelength tokens in a full turn
 * @param radians angle at position 0, 1, 2 and so on, taken modulo a full turn: 0 to 2π
 */
public record RotationAngles(EncodingName encoding, int feature, double wavelength, List<Double> radians) {

    private static final double TURN = 2 * Math.PI;

    public RotationAngles {
        radians = List.copyOf(radians);
        for (int position = 0; position < radians.size(); position++) {
            double angle = radians.get(position);
            if (!(angle >= 0 && angle <= TURN)) {
                throw new IllegalArgumentException(
                        "angle of " + encoding + " at position " + position + " must be from 0 to 2*pi, was " + angle);
            }
        }
    }

    /**
     * Largest distance, in radians, from an angle at a position of the trained length or beyond to the nearest angle within
     * the trained length: how far the model is taken from what it has seen.
     */
    public double largestGap(int trainedLength) {
        if (trainedLength < 1 || trainedLength > radians.size()) {
            throw new IllegalArgumentException("trainedLength must be from 1 to the " + radians.size()
                    + " positions of the angles of " + encoding + ", was " + trainedLength);
        }
        List<Double> trained = radians.subList(0, trainedLength);
        double largest = 0;
        for (double angle : radians.subList(trainedLength, radians.size())) {
            double nearest = trained.stream()
                    .mapToDouble(seen -> distance(angle, seen))
                    .min()
                    .orElseThrow();
            largest = Math.max(largest, nearest);
        }
        return largest;
    }

    private static double distance(double a, double b) {
        double difference = Math.abs(a - b);
        return Math.min(difference, TURN - difference);
    }
}
