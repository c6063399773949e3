package resonance.language.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.PrecisionChoice;

class PretrainingSettingsTest {
    @Test
    void everySettingIsInTheRecord() {
        PretrainingSettings defaults = PretrainingSettings.defaults(PrecisionChoice.asked(Precision.FLOAT32), 1);

        assertThat(defaults.asMap().keySet())
                .containsExactly(
                        "vocabularySize",
                        "width",
                        "layers",
                        "heads",
                        "keyValueHeads",
                        "headSize",
                        "feedForwardWidth",
                        "trainedLength",
                        "ropeBase",
                        "batchRows",
                        "steps",
                        "learningRate",
                        "weightDecay",
                        "beta1",
                        "beta2",
                        "warmUpFraction",
                        "validationShare",
                        "practiceShare",
                        "validationEvery",
                        "seed",
                        "precision",
                        "threads");
        assertThat(defaults.tokens()).isEqualTo(defaults.steps() * defaults.batchRows() * 256L);
    }

    @Test
    void refusesWhatCannotBeTrained() {
        refused(() -> shape(256, 16, 10_000), "vocabularySize must be at least 257, was 256");
        refused(() -> shape(300, 1, 10_000), "trainedLength must be at least 2, was 1");
        refused(() -> shape(300, 16, 1), "ropeBase must be above 1 and finite, was 1.0");
        refused(
                () -> new PretrainedShape(300, 16, 2, 3, 2, 8, 24, 16, 10_000),
                "keyValueHeads must divide heads (3), was 2");
        refused(() -> settings(0, 10, 1e-3, 0.1), "batchRows must be at least 1, was 0");
        refused(() -> settings(4, 0, 1e-3, 0.1), "steps must be at least 1, was 0");
        refused(() -> settings(4, 10, 0, 0.1), "peakLearningRate must be above 0 and at most 1000000, was 0.0");
        refused(() -> settings(4, 10, 1e-3, 1), "validationShare must be above 0 and below 1, was 1.0");
    }

    private static PretrainedShape shape(int vocabularySize, int trainedLength, double base) {
        return new PretrainedShape(vocabularySize, 16, 2, 2, 1, 8, 24, trainedLength, base);
    }

    private static PretrainingSettings settings(int rows, long steps, double learningRate, double validationShare) {
        return new PretrainingSettings(
                SmallPretraining.SHAPE,
                rows,
                steps,
                learningRate,
                0.1,
                0.1,
                validationShare,
                0,
                5,
                1,
                PrecisionChoice.asked(Precision.FLOAT32),
                1);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
