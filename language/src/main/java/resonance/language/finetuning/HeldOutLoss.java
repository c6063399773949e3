package resonance.language.finetuning;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import resonance.decoder.DecoderConfig;
import resonance.decoder.WeightSource;
import resonance.language.finetuning.FineTuningRecord.ValidationLoss;
import resonance.rope.LayerFrequencies;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.inference.PassListener;
import resonance.transformer.inference.TokenWindow;
import resonance.transformer.position.RotaryEncoding;

/** Measures weights on held-out text as perplexity does: by a {@link FrozenDecoder}, whose memory grows with a window alone. */
final class HeldOutLoss {
    /** Tokens of windows that the decoder is given at once. */
    private static final int TOKENS_A_CALL = 8_192;

    private final DecoderConfig config;
    private final LayerFrequencies encoding;
    private final PackedDocuments documents;
    private final FineTuningSettings settings;

    HeldOutLoss(DecoderConfig config, PackedDocuments documents, FineTuningSettings settings) {
        this.config = config;
        this.encoding = settings.encoding().frequencies();
        this.documents = documents;
        this.settings = settings;
    }

    /** At the trained length and at the one that the model is adapted to. */
    List<ValidationLoss> atBothLengths(WeightSource weights) {
        return at(
                IntStream.of(settings.trainedLength(), settings.length())
                        .distinct()
                        .boxed()
                        .toList(),
                weights);
    }

    /** In windows of the training's length. */
    double inTraining(WeightSource weights) {
        return at(List.of(settings.window()), weights).get(0).loss();
    }

    private List<ValidationLoss> at(List<Integer> lengths, WeightSource weights) {
        List<ValidationLoss> losses = new ArrayList<>();
        try (FrozenDecoder decoder = FrozenDecoder.load(config, weights, settings.precision(), settings.threads())) {
            for (int length : lengths) {
                losses.add(loss(decoder, length, documents.validationWindows(length)));
            }
        }
        return losses;
    }

    private ValidationLoss loss(FrozenDecoder decoder, int length, List<TokenWindow> windows) {
        int together = Math.max(1, TOKENS_A_CALL / length);
        double sum = 0;
        long tokens = 0;
        int longest = 0;
        for (int from = 0; from < windows.size(); from += together) {
            List<TokenWindow> some = windows.subList(from, Math.min(windows.size(), from + together));
            for (float[] losses :
                    decoder.negativeLogLikelihoods(new RotaryEncoding(encoding), some, PassListener.SILENT)) {
                for (float loss : losses) {
                    sum += loss;
                }
                tokens += losses.length;
                longest = Math.max(longest, losses.length + 1);
            }
        }
        return new ValidationLoss(length, longest, tokens, sum / tokens);
    }
}
