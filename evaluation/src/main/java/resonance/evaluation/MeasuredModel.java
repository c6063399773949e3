package resonance.evaluation;

/**
 * The language model that was measured.
 *
 * @param name what it is called, for people
 * @param sha256 SHA-256 (hex) of every file that defines it
 * @param trainedLength tokens it was trained on at a time, before any scaling; at least 1
 */
public record MeasuredModel(String name, String sha256, int trainedLength) {

    public MeasuredModel {
        if (trainedLength < 1) {
            throw new IllegalArgumentException("trainedLength must be at least 1, was " + trainedLength);
        }
    }
}
