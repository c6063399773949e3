package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import resonance.decoder.DecoderConfig;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;
import resonance.transformer.tensor.Precision;
import resonance.transformer.training.ActivationMemory.Choice;

class TrainingMemoryTest {
    /** SmolLM2-135M's shape. */
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(49_152, 576, 30, 9, 3, 64, 1536, 1e-5, true);

    private static TrainingMemory memory(ParameterLayout layout, Precision precision, Choice recompute, int length) {
        TrainerSettings settings = new TrainerSettings(
                        AdamW.DEFAULT, new WarmUpSchedule(1e-5, 10, 0, WarmUpSchedule.Decay.CONSTANT), precision, 2, 1)
                .with(new ActivationMemory(recompute, Choice.BY_SIZE));
        return TrainingMemory.of(layout, settings, 4, length);
    }

    @Test
    void weightsGradientsAndMomentsAreCountedByElement() {
        long parameters = 134_515_008;
        TrainingMemory memory = memory(new ParameterLayout(CONFIG), Precision.BFLOAT16, Choice.NEVER, 256);
        assertThat(memory.weights()).isEqualTo(6 * parameters);
        assertThat(memory.optimiser()).isEqualTo(4 * parameters * 4);
        assertThat(memory.copy()).isEqualTo(6 * parameters);
        assertThat(memory.bytes())
                .isEqualTo(memory.weights() + memory.optimiser() + memory.copy() + memory.activations());
        assertThat(memory(new ParameterLayout(CONFIG), Precision.FLOAT32, Choice.NEVER, 256)
                        .weights())
                .isEqualTo(4 * parameters);
    }

    @Test
    void adaptersNeedNoOptimiserOfTheWholeModel() {
        ParameterLayout layout =
                new ParameterLayout(CONFIG, new LowRankAdapters(8, 16, EnumSet.of(ParameterRole.QUERY), 1));
        TrainingMemory memory = memory(layout, Precision.FLOAT32, Choice.NEVER, 256);
        assertThat(memory.optimiser()).isEqualTo(4L * 4 * 30 * 8 * (576 + 576));
    }

    @Test
    void recomputingKeepsOneBlockAndWhatEntersEach() {
        ParameterLayout layout = new ParameterLayout(CONFIG);
        TrainingMemory kept = memory(layout, Precision.FLOAT32, Choice.NEVER, 8192);
        TrainingMemory anew = memory(layout, Precision.FLOAT32, Choice.ALWAYS, 8192);
        assertThat(anew.recomputes()).isTrue();
        assertThat(kept.recomputes()).isFalse();
        assertThat(anew.activations())
                .isEqualTo(kept.activations() / 30 + 2 * 4L * 30 * 8192 * 576)
                .isLessThan(kept.activations() / 8);
    }
}
