package resonance.language;

import java.nio.file.Path;
import resonance.model.EncodingChoice;
import resonance.rope.LayerFrequencies;
import resonance.rope.ScalingSettings;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.Precision;

/**
 * What a model expects after each token of a text.
 *
 * @param probabilities (T, V)
 */
@SuppressWarnings("ArrayRecordComponent") // a large table that is handed on, never compared
record Predictions(double[][] probabilities) {
    /** Ours, in float32 and with the encoding of the file itself. */
    static Predictions ours(Path file, int[] tokens) {
        return ours(file, tokens, EncodingChoice.of(EncodingChoice.MODEL, ScalingSettings.DEFAULTS), tokens.length);
    }

    /** Ours, in float32 and with an encoding for texts of a length in the place of the file's own. */
    static Predictions ours(Path file, int[] tokens, EncodingChoice encoding, int length) {
        try (LanguageModel model = LanguageModel.open(file, Precision.FLOAT32, 2)) {
            LayerFrequencies frequencies =
                    encoding.frequencies(model.description().positions(), length);
            float[] all = model.decoder().logits(new RotaryEncoding(frequencies), tokens);
            float[][] logits = new float[tokens.length][all.length / tokens.length];
            for (int i = 0; i < tokens.length; i++) {
                System.arraycopy(all, i * logits[i].length, logits[i], 0, logits[i].length);
            }
            return of(logits);
        }
    }

    /** The softmax of logits (T, V). */
    static Predictions of(float[][] logits) {
        double[][] probabilities = new double[logits.length][];
        for (int i = 0; i < logits.length; i++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (float logit : logits[i]) {
                largest = Math.max(largest, logit);
            }
            double sum = 0;
            probabilities[i] = new double[logits[i].length];
            for (int token = 0; token < logits[i].length; token++) {
                probabilities[i][token] = Math.exp(logits[i][token] - largest);
                sum += probabilities[i][token];
            }
            for (int token = 0; token < logits[i].length; token++) {
                probabilities[i][token] /= sum;
            }
        }
        return new Predictions(probabilities);
    }

    /** Largest difference of two probabilities after the tokens from an index to before another. */
    double largestDifference(Predictions other, int from, int to) {
        double largest = 0;
        for (int i = from; i < to; i++) {
            for (int token = 0; token < probabilities[i].length; token++) {
                largest = Math.max(largest, Math.abs(probabilities[i][token] - other.probabilities[i][token]));
            }
        }
        return largest;
    }

    double largestDifference(Predictions other) {
        return largestDifference(other, 0, probabilities.length);
    }

    /** Mean over the tokens of half the sum of the absolute differences: 0 for equal predictions, 1 for disjoint ones. */
    double variation(Predictions other) {
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            for (int token = 0; token < probabilities[i].length; token++) {
                sum += Math.abs(probabilities[i][token] - other.probabilities[i][token]);
            }
        }
        return sum / 2 / probabilities.length;
    }
}
