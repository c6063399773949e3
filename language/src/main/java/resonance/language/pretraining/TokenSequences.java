package resonance.language.pretraining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import resonance.language.corpus.WindowOrder;
import resonance.rope.Refusal;
import resonance.transformer.training.TokenBatch;

/**
 * Texts as tokens, cut into sequences of one length: which a step trains on and which validate.
 *
 * <p>The last part of each text validates. What is left, one text after the other, is one row of tokens; in epoch e it is
 * cut into sequences from an offset below the length on, drawn from seed and e, and they are visited in a drawn order. So
 * a step's batch depends on seed and step alone.
 */
final class TokenSequences {
    private final int[] training;
    private final int[] validation;
    private final int length;
    private final int batchRows;
    private final WindowOrder order;

    /**
     * @param texts tokens of each text
     * @throws IllegalArgumentException if they don't suffice for one batch and one validation sequence
     */
    TokenSequences(List<int[]> texts, PretrainingSettings settings) {
        length = settings.shape().trainedLength();
        batchRows = settings.batchRows();
        List<int[]> trainingParts = new ArrayList<>();
        List<int[]> validationParts = new ArrayList<>();
        for (int[] text : texts) {
            int cut = (int) Math.ceil(text.length * (1 - settings.validationShare()));
            trainingParts.add(Arrays.copyOf(text, cut));
            validationParts.add(Arrays.copyOfRange(text, cut, text.length));
        }
        training = joined(trainingParts);
        validation = joined(validationParts);
        order = new WindowOrder(training.length, length, settings.seed());
        long needed = (long) (batchRows + 1) * length;
        if (training.length < needed) {
            throw Refusal.of(
                            "texts",
                            "must have at least ({batchRows} + 1) x {trainedLength} = " + needed
                                    + " tokens to train on",
                            "had " + training.length)
                    .cure("give more text or smaller batches");
        }
        if (validation.length <= length) {
            throw Refusal.of(
                            "texts",
                            "must hold out more than {trainedLength} = " + length + " tokens for validation",
                            "held out " + validation.length)
                    .cure("give more text or a larger {validationShare}");
        }
    }

    private static int[] joined(List<int[]> parts) {
        int[] all = new int[parts.stream().mapToInt(part -> part.length).reduce(0, Math::addExact)];
        int filled = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, all, filled, part.length);
            filled += part.length;
        }
        return all;
    }

    int trainingTokens() {
        return training.length;
    }

    /** What is trained on, one text after the other. */
    int[] training() {
        return training;
    }

    int validationTokens() {
        return validation.length;
    }

    /** The batch of a step, counted from 0. */
    TokenBatch batch(long step) {
        int batches = order.windows() / batchRows;
        int from = (int) (step % batches) * batchRows;
        int[] starts = new int[batchRows];
        for (int row = 0; row < batchRows; row++) {
            starts[row] = order.start(step / batches, from + row);
        }
        return batch(training, starts);
    }

    /** The validation tokens in sequences, a batch's rows at a time; a rest shorter than a sequence is left out. */
    List<TokenBatch> validationBatches() {
        int sequences = (validation.length - 1) / length;
        List<TokenBatch> batches = new ArrayList<>();
        for (int first = 0; first < sequences; first += batchRows) {
            int[] starts = new int[Math.min(batchRows, sequences - first)];
            for (int row = 0; row < starts.length; row++) {
                starts[row] = (first + row) * length;
            }
            batches.add(batch(validation, starts));
        }
        return batches;
    }

    private TokenBatch batch(int[] tokens, int[] starts) {
        int[] inputs = new int[starts.length * length];
        int[] targets = new int[starts.length * length];
        for (int row = 0; row < starts.length; row++) {
            System.arraycopy(tokens, starts[row], inputs, row * length, length);
            System.arraycopy(tokens, starts[row] + 1, targets, row * length, length);
        }
        return new TokenBatch(starts.length, length, inputs, targets);
    }
}
