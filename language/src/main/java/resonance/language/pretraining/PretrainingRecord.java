package resonance.language.pretraining;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.language.corpus.SourceText;
import resonance.study.Provenance;
import resonance.transformer.training.TrainingCurve;

/**
 * How a model came about: the content of its {@code training.json}.
 *
 * @param provenance with what, where, when and by which command
 * @param settings every setting by name
 * @param parameters number of the model's parameters
 * @param vocabularySize tokens of its tokenizer
 * @param texts what it was trained on
 * @param tokenizerSha256 hash of {@code tokenizer.json}
 * @param weightsSha256 hash of {@code model.safetensors}
 * @param trainingTokens different tokens to train on
 * @param validationTokens tokens held out
 * @param trainedTokens tokens predicted in all steps
 * @param seconds time of the steps
 * @param tokensPerSecond {@code trainedTokens / seconds}
 * @param trainingLoss mean loss of the last interval of the curve, nats a token
 * @param validationLoss loss of the written, rounded weights on the held-out tokens, nats a token
 * @param trainingCurve mean loss of the steps between points, and the learning rate of the last of them
 * @param validationCurve validation loss over the steps
 */
public record PretrainingRecord(
        Provenance provenance,
        Map<String, Object> settings,
        long parameters,
        int vocabularySize,
        List<SourceText> texts,
        String tokenizerSha256,
        String weightsSha256,
        long trainingTokens,
        long validationTokens,
        long trainedTokens,
        double seconds,
        double tokensPerSecond,
        double trainingLoss,
        double validationLoss,
        List<TrainingCurve.Point> trainingCurve,
        List<ValidationPoint> validationCurve) {

    /** Loss on the held-out tokens after a step. */
    public record ValidationPoint(long step, double loss) {}

    public PretrainingRecord {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        texts = List.copyOf(texts);
        trainingCurve = List.copyOf(trainingCurve);
        validationCurve = List.copyOf(validationCurve);
    }
}
