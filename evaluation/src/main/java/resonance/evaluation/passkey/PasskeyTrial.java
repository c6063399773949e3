package resonance.evaluation.passkey;

import resonance.rope.EncodingName;

/**
 * One answered prompt: what a run keeps, so that one that was stopped goes on from there.
 *
 * <p>A small model that cannot follow instructions may fail every answer and still find the key: {@code keyLoss} is
 * lower where it copies the key than where it guesses digits.
 *
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param length tokens the prompt may have
 * @param depth where the key stands, 0 to 1
 * @param trial which of several at this place, from 0
 * @param key the hidden number
 * @param promptTokens tokens the prompt has, BOS included
 * @param answer what the model wrote, as it is
 * @param correct whether {@link PasskeyAnswer} says so
 * @param keyLoss mean −ln p, nats, of the key's own tokens after the prompt; NaN if it was not measured
 * @param seconds time the model took, more than 0
 */
public record PasskeyTrial(
        EncodingName encoding,
        int length,
        double depth,
        int trial,
        int key,
        int promptTokens,
        String answer,
        boolean correct,
        double keyLoss,
        double seconds) {

    public PasskeyTrial {
        PasskeyKey place = new PasskeyKey(encoding, length, depth, trial);
        if (correct != PasskeyAnswer.isCorrect(answer, key)) {
            throw new IllegalArgumentException("correct must be " + !correct + " for key " + key + " and answer \""
                    + answer + "\", was " + correct + " (" + place + ")");
        }
        if (!(seconds > 0 && seconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "seconds must be finite and more than 0, was " + seconds + " (" + place + ")");
        }
    }

    /** A trial with its answer scored. */
    public static PasskeyTrial of(
            EncodingName encoding, PasskeyTask task, int promptTokens, String answer, double keyLoss, double seconds) {
        return new PasskeyTrial(
                encoding,
                task.length(),
                task.depth(),
                task.trial(),
                task.key(),
                promptTokens,
                answer,
                PasskeyAnswer.isCorrect(answer, task.key()),
                keyLoss,
                seconds);
    }

    /** Where this trial belongs in its measurement. */
    public PasskeyKey place() {
        return new PasskeyKey(encoding, length, depth, trial);
    }
}
