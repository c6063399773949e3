package resonance.language.pretraining;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import resonance.language.pretraining.PretrainingRecord.ValidationPoint;
import resonance.transformer.training.DecoderEvaluator;
import resonance.transformer.training.TokenBatch;
import resonance.transformer.training.TrainingClient;
import resonance.transformer.training.TrainingProgress;

/** What a pretraining's loop trains on, and its validation losses on the way. */
final class PretrainingRun implements TrainingClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PretrainingSettings settings;
    private final TokenSequences sequences;
    private final DecoderEvaluator evaluator;
    private final long parameters;
    private final PretrainingListener listener;
    private final List<ValidationPoint> validationCurve = new ArrayList<>();

    PretrainingRun(
            PretrainingSettings settings,
            TokenSequences sequences,
            DecoderEvaluator evaluator,
            long parameters,
            PretrainingListener listener) {
        this.settings = settings;
        this.sequences = sequences;
        this.evaluator = evaluator;
        this.parameters = parameters;
        this.listener = listener;
    }

    @Override
    public TokenBatch batch(long step) {
        return sequences.batch(step);
    }

    @Override
    public void started(long step) {
        listener.trainingStarted(step, parameters);
    }

    @Override
    public void stepped(TrainingProgress progress) {
        listener.stepped(progress);
    }

    /** The last step's parameters are measured once they are rounded. */
    @Override
    public boolean validatesAfter(long stepsDone) {
        return stepsDone % settings.validationEvery() == 0 && stepsDone < settings.steps();
    }

    /** Adds the loss over the held-out tokens, nats a token, to the curve. */
    @Override
    public void validate(long stepsDone) {
        double sum = 0;
        long tokens = 0;
        for (TokenBatch batch : sequences.validationBatches()) {
            for (float loss : evaluator.evaluate(batch).negativeLogLikelihoods()) {
                sum += loss;
            }
            tokens += batch.inputs().length;
        }
        validationCurve.add(new ValidationPoint(stepsDone, sum / tokens));
        listener.validated(stepsDone, sum / tokens);
    }

    List<ValidationPoint> validationCurve() {
        return validationCurve;
    }

    @Override
    public void save(ObjectNode state) {
        state.set("validationCurve", JSON.valueToTree(validationCurve));
    }

    @Override
    public void restore(JsonNode state) {
        validationCurve.addAll(
                JSON.convertValue(state.path("validationCurve"), new TypeReference<List<ValidationPoint>>() {}));
    }
}
