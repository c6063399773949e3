package resonance.language.finetuning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.language.corpus.SourceText;
import resonance.study.Provenance;
import resonance.transformer.training.TrainingCurve;

/**
 * How a fine-tuned model came about: the content of its {@code training.json}.
 *
 * @param provenance with what, where, when and by which command
 * @param model what was fine-tuned, by name
 * @param modelSha256 hash of every byte that defines it
 * @param settings every setting by name
 * @param parameters number of the model's parameters
 * @param trainedParameters number of those that training changed
 * @param texts what it was trained on
 * @param documents texts of their own among these
 * @param trainingTokens different tokens to train on
 * @param validationTokens tokens held out
 * @param trainedTokens tokens read in all steps
 * @param seconds time of the steps
 * @param tokensPerSecond {@code trainedTokens / seconds}
 * @param trainingLoss mean loss of the last interval of the curve, nats a token
 * @param before losses of the model as it was, under the encoding, on held-out text
 * @param after those of the written, rounded weights
 * @param trainingCurve mean loss of the steps between points, and the learning rate of the last of them
 * @param validationCurve loss on held-out text in windows of the training's length over the steps
 */
public record FineTuningRecord(
        Provenance provenance,
        String model,
        String modelSha256,
        Map<String, String> settings,
        long parameters,
        long trainedParameters,
        List<SourceText> texts,
        int documents,
        long trainingTokens,
        long validationTokens,
        long trainedTokens,
        double seconds,
        double tokensPerSecond,
        double trainingLoss,
        List<ValidationLoss> before,
        List<ValidationLoss> after,
        List<TrainingCurve.Point> trainingCurve,
        List<ValidationPoint> validationCurve) {

    /**
     * Loss on held-out text in windows of a length.
     *
     * @param length tokens of a window
     * @param longestWindow tokens of the longest that the text has; below the length where it is too short
     * @param tokens number of predicted ones
     * @param loss their mean, nats a token
     */
    public record ValidationLoss(int length, int longestWindow, long tokens, double loss) {}

    /** Loss on held-out text after a step. */
    public record ValidationPoint(long step, double loss) {}

    public FineTuningRecord {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        texts = List.copyOf(texts);
        before = List.copyOf(before);
        after = List.copyOf(after);
        trainingCurve = List.copyOf(trainingCurve);
        validationCurve = List.copyOf(validationCurve);
    }
}
