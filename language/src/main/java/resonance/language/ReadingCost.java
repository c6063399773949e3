package resonance.language;

import java.util.List;
import resonance.evaluation.perplexity.TextWindow;
import resonance.model.ModelDescription;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.ForwardWork;
import resonance.transformer.tensor.WorkSpeed;

/**
 * An estimate of the work of reading tokens, in multiplications with weights, for progress and the time that is left; and of how
 * fast it goes.
 *
 * @param work of a pass forward
 */
record ReadingCost(ForwardWork work) {
    static ReadingCost of(ModelDescription model) {
        return new ReadingCost(ForwardWork.of(model.decoder()));
    }

    /** Work of reading windows. */
    double of(List<TextWindow> windows) {
        return windows.stream().mapToDouble(window -> of(window.length())).sum();
    }

    /** Work of reading a text of this many tokens from its beginning. */
    double of(long tokens) {
        return work.of(tokens);
    }

    /** Multiplications with weights for a token. */
    double perToken() {
        return work.perToken();
    }

    /**
     * How fast a study's reading goes.
     *
     * @param kind of study
     * @param share of the speed of bare products that it reached where it was measured
     */
    static WorkSpeed speed(String kind, LanguageModel model, double share) {
        return new WorkSpeed(
                kind,
                FrozenDecoder.readingProduct(model.description().decoder()),
                model.precision(),
                model.threads(),
                ComputeDevice.CPU,
                share);
    }
}
