package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import resonance.decoder.DecoderConfig;
import resonance.model.EncodingChoice;
import resonance.rope.ScalingSettings;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.tensor.MachineMemory;
import resonance.transformer.tensor.Precision;

class MemoryRoomTest {
    /** SmolLM2-135M's shape. */
    private static final InferenceMemory.Decoder SMOLLM2 = new InferenceMemory.Decoder(
            DecoderConfig.llamaStyle(49_152, 576, 30, 9, 3, 64, 1536, 1e-5, true), Precision.FLOAT32, 2);

    @Test
    void weightsThatDoNotFitAreRefusedBeforeTheyAreLoaded() {
        assertThat(MemoryRoom.requireForWeights(SMOLLM2, new MachineMemory(600_000_000, 600_000_000)))
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryRoom.requireForWeights(SMOLLM2, new MachineMemory(400_000_000, 400_000_000)))
                .withMessage(
                        "the model's weights must fit into the machine's memory of 0.4 GB, would take about 0.5 GB;"
                                + " take a smaller model, or precision bfloat16 if it is float32");
    }

    @Test
    void aTextMustFitBesideTheProgramAndTheWeightsThatAreThere() {
        InferenceMemory need = new InferenceMemory(
                500_000_000, 1_400_000_000, 200_000_000, 60_000_000, 40_000_000, 400_000_000, 98_000_000);
        assertThat(MemoryRoom.requireForText(need, new MachineMemory(2_600_000_000L, 1_700_000_000L)))
                .isEmpty();
        assertThat(MemoryRoom.requireForText(need, new MachineMemory(2_600_000_000L, 900_000_000L)))
                .contains("the text would take about 1.7 GB of memory, of which 0.9 GB are free now; it may be ended in"
                        + " the middle");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryRoom.requireForText(need, new MachineMemory(2_599_999_999L, 2_599_999_999L)))
                .withMessage(
                        "the text must fit into the machine's memory of 2.6 GB beside the 0.9 GB of the program and its"
                                + " weights, would take about 1.7 GB; take a shorter text, or fewer threads");
    }

    @Test
    void aTextWhoseTablesDoNotFitIntoTheHeapIsRefused() {
        long limit = Runtime.getRuntime().maxMemory();
        long tokens = limit / 512;
        InferenceMemory need = InferenceMemory.scoring(SMOLLM2, tokens, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryRoom.requireForText(need, new MachineMemory(1L << 60, 1L << 60)))
                .withMessageMatching(
                        "the text must fit into the heap of \\d+\\.\\d GB, would take about \\d+\\.\\d GB of"
                                + " it; give the JVM more: RESONANCE_JAVA_OPTS=-Xmx" + (need.heap() / 1_000_000 * 5 / 4)
                                + "m");
    }

    @Test
    void shortWindowsOfPerplexityAreReadTogether() {
        assertThat(PerplexityStudy.memory(SMOLLM2, 256, 0)).isEqualTo(InferenceMemory.scoring(SMOLLM2, 8_192, 0));
        assertThat(PerplexityStudy.memory(SMOLLM2, 16_384, 7)).isEqualTo(InferenceMemory.scoring(SMOLLM2, 16_384, 7));
    }

    @Test
    void continuingAPromptKeepsItAndWhatIsWritten() {
        try (LanguageModel model = TinyModel.load(1, false)) {
            InferenceMemory need =
                    new TextGenerator(model, EncodingChoice.of("none", ScalingSettings.DEFAULTS)).memory("four", 60);
            assertThat(need.keysAndValues()).isEqualTo(2L * 64 * 8 * 8);
            assertThat(need.files()).isEqualTo(model.model().sizes().bytes());
        }
    }
}
