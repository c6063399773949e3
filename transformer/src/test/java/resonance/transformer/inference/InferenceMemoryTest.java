package resonance.transformer.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.Precision;

class InferenceMemoryTest {
    /** SmolLM2-135M's shape. */
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(49_152, 576, 30, 9, 3, 64, 1536, 1e-5, true);

    private static final long FILES = 98_362_432;

    private static InferenceMemory scoring(Precision precision, long tokens) {
        return InferenceMemory.scoring(new InferenceMemory.Decoder(CONFIG, precision, 2), tokens, FILES);
    }

    @Test
    void weightsAreCountedByTheTypeThatTheyHaveInMemory() {
        long matrices = 30L * 576 * (2 * 576 + 2 * 192 + 3 * 1536);
        assertThat(scoring(Precision.FLOAT32, 1).weights()).isEqualTo(4 * 134_515_008L);
        assertThat(scoring(Precision.BFLOAT16, 1).weights()).isEqualTo(4 * 134_515_008L - 2 * matrices);
    }

    @Test
    void scoringKeepsKeysAndValuesOfTwoLayersAndContinuingThoseOfAll() {
        InferenceMemory scored = scoring(Precision.FLOAT32, 16_384);
        assertThat(scored.keysAndValues()).isEqualTo(2L * 16_384 * 192 * 8);
        assertThat(scored.rows()).isEqualTo(4L * 16_384 * 2 * 576);
        InferenceMemory continued = InferenceMemory.continuing(
                new InferenceMemory.Decoder(CONFIG, Precision.BFLOAT16, 2), 1_000, 1_064, FILES);
        assertThat(continued.keysAndValues()).isEqualTo(30L * 1_064 * 192 * 6);
        assertThat(continued.rows()).isEqualTo(4L * 1_000 * 2 * 576);
    }

    @Test
    void aRemapOfPositionsKeepsQueriesKeysAndTablesTwice() {
        InferenceMemory.Decoder plain = new InferenceMemory.Decoder(CONFIG, Precision.BFLOAT16, 2);
        InferenceMemory.Decoder remapped = new InferenceMemory.Decoder(CONFIG, Precision.BFLOAT16, 2, true);
        InferenceMemory one = InferenceMemory.continuing(plain, 1_000, 1_064, FILES);
        InferenceMemory two = InferenceMemory.continuing(remapped, 1_000, 1_064, FILES);
        assertThat(two.keysAndValues() - one.keysAndValues()).isEqualTo(30L * 1_064 * 192 * 4);
        assertThat(two.rows() - one.rows()).isEqualTo(4L * 1_000 * 576);
        assertThat(two.tables()).isEqualTo(2 * one.tables());
        assertThat(two.weights()).isEqualTo(one.weights());
    }

    /** They are copied when the first token is written, for the kernel that is to be reckoned with here. */
    @Test
    void matricesAreThereASecondTimeWhereTextsAreContinuedInBfloat16() {
        long copied = 2L * 30 * ((576 + 2 * 192 + 576 + 2 * 1536) * 1024 + 576 * 1536); // 576 columns as 1024
        assertThat(RowProduct.Kernel.FLOAT16.extraBytes(3, 512)).isEqualTo(2 * 3 * 512);
        for (Precision precision : Precision.values()) {
            InferenceMemory.Decoder plain = new InferenceMemory.Decoder(CONFIG, precision, 2);
            long continued = InferenceMemory.continuing(plain, 1_000, 1_064, 0).scratch();
            InferenceMemory.Decoder remapped = new InferenceMemory.Decoder(CONFIG, precision, 2, true);
            assertThat(continued
                            - InferenceMemory.continuing(remapped, 1_000, 1_064, 0)
                                    .scratch())
                    .isEqualTo(RowProduct.Kernel.expected(precision) == RowProduct.Kernel.FLOAT16 ? copied : 0)
                    .isEqualTo(continued
                            - InferenceMemory.reading(plain, 1_000, 1_064, 0).scratch());
        }
    }

    @Test
    void layersOfAnotherKindHaveTablesOfTheirOwn() {
        DecoderConfig mixed = CONFIG.with(AttentionKind.ofWindows(List.of(0, 512, 512)));
        assertThat(InferenceMemory.scoring(new InferenceMemory.Decoder(mixed, Precision.FLOAT32, 1), 100, 0)
                        .tables())
                .isEqualTo(2L * 16 * 64 * 100);
    }

    @Test
    void allTogetherIsWhatMustStayAndTheFiles() {
        InferenceMemory memory = scoring(Precision.FLOAT32, 2_048);
        assertThat(memory.bytes()).isEqualTo(memory.required() + FILES);
        assertThat(memory.toCome()).isEqualTo(memory.required() - memory.program());
        // The JVM's own part is that of the machine which the test runs on.
        assertThat(memory.program()).isGreaterThan(339_000_000L);
    }

    @Test
    void everyThreadHasABlockOfItsOwn() {
        InferenceMemory.Decoder one = new InferenceMemory.Decoder(CONFIG, Precision.FLOAT32, 1);
        assertThat(InferenceMemory.scoring(one, 1, 0).scratch() * 2)
                .isEqualTo(scoring(Precision.FLOAT32, 1).scratch())
                .isGreaterThan(2 * 4L * 256 * (4 * 576 + 3 * 1536 + 4096));
    }
}
