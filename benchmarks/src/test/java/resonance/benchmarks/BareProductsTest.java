package resonance.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.ProductRates;

class BareProductsTest {
    private static final ProductRates RATES = new ProductRates(200, 400);

    /** The paper's decoder: 6.3 million elements in two blocks, 311 GFLOP a step of 8,192 tokens. */
    @Test
    void aStepOfThePapersDecoderIs311Gigaflop() {
        DecoderConfig paper = DecoderConfig.t5Style(18, 512, 2, 8, 64, 2048, 0.1);
        double head = 6 * 8192 * 512.0 * 18 / 200e9;
        assertThat(new BareProducts(paper, Precision.FLOAT32, 1, RATES).trainingSeconds(8192))
                .isCloseTo(6 * 8192 * 2 * 512 * (4.0 * 512 + 2 * 2048) / 200e9 + head, within(1e-9));
        assertThat(new BareProducts(paper, Precision.BFLOAT16, 2, RATES).trainingSeconds(8192) - head / 2)
                .isCloseTo(309.2376 / 400 / 2, within(1e-3));
    }

    /** One layer of width 2, one head of size 2, feed-forward 3 gated: three products a matrix, and six of 4 · 5 / 2 pairs. */
    @Test
    void fineTuningCountsAttentionAndALargeHeadInItsFormat() {
        double block = 2 * (6 + 2 + 6 + 3);
        for (int vocabulary : new int[] {5, 10_000}) {
            DecoderConfig config = DecoderConfig.llamaStyle(vocabulary, 2, 1, 1, 1, 2, 3, 1e-5, false);
            double head = 6 * 4 * 2.0 * vocabulary / (vocabulary == 5 ? 200e9 : 400e9);
            assertThat(new BareProducts(config, Precision.BFLOAT16, 2, RATES).fineTuningSeconds(4, 4))
                    .isCloseTo((6 * 4 * block / 400e9 + head + 12 * 10 * 2 / 200e9) / 2, within(1e-15));
        }
    }

    /** One layer of width 2, one head of size 2, feed-forward 3 gated, vocabulary 5: every product counted by hand. */
    @Test
    void readingCountsWeightsHeadAndAttention() {
        DecoderConfig tiny = DecoderConfig.llamaStyle(5, 2, 1, 1, 1, 2, 3, 1e-5, false);
        double block = 2 * (6 + 2 + 6 + 3);
        double attention = 10 * 2;
        double bfloat16 = 2 * (4 * block + attention) / 400e9;
        double float32 = 2 * (3 * 10 + attention) / 200e9;
        assertThat(new BareProducts(tiny, Precision.BFLOAT16, 1, RATES).readingSeconds(4, 3))
                .isCloseTo(bfloat16 + float32, within(1e-18));
        assertThat(new BareProducts(tiny, Precision.FLOAT32, 2, RATES).readingSeconds(4, 3))
                .isCloseTo(bfloat16 + float32 / 2, within(1e-18));
    }
}
