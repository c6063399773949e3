package resonance.rope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingOnTopTest {
    /** Llama 3.1 8B: trained on 8,192 tokens, reaches 131,072 with llama3's scaling. */
    private static final RopeShape LLAMA31 = RopeShape.of(128, 500_000, 131_072);

    private static final RopeScaling LLAMA3 = new Llama3Scaling(8, 1, 4);
    private static final int LLAMA31_TRAINED = 8192;

    @Test
    void onTopOfPlainRopeEveryScalingIsItself() {
        RopeShape shape = RopeShape.of(64, 10_000, 4096).withSequenceLength(10_000);
        for (RopeScaling added : List.of(
                new NoScaling(),
                new LinearScaling(4),
                new NtkAwareScaling(4),
                new YarnScaling(4),
                new DynamicNtkScaling(4))) {
            RopeFrequencies expected = added.frequencies(shape);
            RopeFrequencies stacked = new ScalingOnTop(new NoScaling(), 1024, added).frequencies(shape);
            for (int pair = 0; pair < expected.pairs(); pair++) {
                assertThat(stacked.radiansPerToken(pair) / expected.radiansPerToken(pair))
                        .describedAs("%s, pair %s", added, pair)
                        .isCloseTo(1, within(1e-15));
            }
            assertThat(stacked.attentionScale()).isEqualTo(expected.attentionScale());
        }
    }

    @Test
    void plainRopeOnTopLeavesTheModelsOwnBitForBit() {
        RopeShape itsOwn = RopeShape.of(128, 500_000, LLAMA31_TRAINED);
        RopeScaling whole = new Resonance(LLAMA3);
        assertThat(new ScalingOnTop(LLAMA3, LLAMA31_TRAINED, new NoScaling()).frequencies(LLAMA31))
                .isEqualTo(LLAMA3.frequencies(itsOwn));
        assertThat(new ScalingOnTop(whole, LLAMA31_TRAINED, new NoScaling()).frequencies(LLAMA31))
                .isEqualTo(whole.frequencies(itsOwn));
    }

    @Test
    void linearFactorsMultiply() {
        RopeShape shape = RopeShape.of(256, 1_000_000, 131_072);
        double[] stacked = new ScalingOnTop(new LinearScaling(8), 131_072, new LinearScaling(2))
                .frequencies(shape)
                .radiansPerToken();
        double[] sixteen = new LinearScaling(16).frequencies(shape).radiansPerToken();
        assertThat(stacked).containsExactly(sixteen, within(1e-18));
    }

    @Test
    void yarnTreatsAPairByTheTurnsThatItReallyMakes() {
        double factor = 4;
        RopeFrequencies own = LLAMA3.frequencies(RopeShape.of(128, 500_000, LLAMA31_TRAINED));
        RopeFrequencies stacked =
                new ScalingOnTop(LLAMA3, LLAMA31_TRAINED, new YarnScaling(factor)).frequencies(LLAMA31);
        int kept = 0;
        int divided = 0;
        for (int pair = 0; pair < own.pairs(); pair++) {
            double turns = LLAMA31.trainedLength() / own.wavelength(pair);
            double divisor = own.radiansPerToken(pair) / stacked.radiansPerToken(pair);
            // YaRN rounds its bounds outward to whole pairs; two neighbours differ by a fifth in wavelength.
            if (turns > 32 * 1.3) {
                assertThat(divisor).isEqualTo(1);
                kept++;
            } else if (turns < 1 / 1.3) {
                assertThat(divisor).isCloseTo(factor, within(1e-12));
                divided++;
            } else {
                assertThat(divisor).isBetween(1.0, factor);
            }
        }
        assertThat(kept).isEqualTo(30);
        assertThat(divided).isEqualTo(24);
        assertThat(stacked.attentionScale()).isEqualTo(0.1 * Math.log(factor) + 1);
    }

    @Test
    void wavelengthsStayInOrder() {
        RopeFrequencies stacked =
                new ScalingOnTop(LLAMA3, LLAMA31_TRAINED, new NtkAwareScaling(4)).frequencies(LLAMA31);
        for (int pair = 1; pair < stacked.pairs(); pair++) {
            assertThat(stacked.radiansPerToken(pair)).isLessThan(stacked.radiansPerToken(pair - 1));
        }
    }

    @Test
    void pairsAtRestStayAtRestWhicheverSideLaidThemDown() {
        RopeShape shape = RopeShape.of(64, 10_000, 4096);
        RopeScaling half = new ProportionalScaling(0.5, 1);
        double[] own = new ScalingOnTop(half, 4096, new YarnScaling(4))
                .frequencies(shape)
                .radiansPerToken();
        double[] added = new ScalingOnTop(new LinearScaling(2), 4096, half)
                .frequencies(shape)
                .radiansPerToken();
        for (int pair = 0; pair < 32; pair++) {
            assertThat(own[pair] == 0).describedAs("pair %s", pair).isEqualTo(pair >= 16);
        }
        assertThat(added).doesNotContain(Double.NaN);
        assertThat(added[31]).isZero();
    }

    @Test
    void magnitudesAndFactorsMultiply() {
        ScalingOnTop scaling = new ScalingOnTop(new YarnScaling(4), 4096, new YarnScaling(2));
        assertThat(scaling.factor()).isEqualTo(8);
        assertThat(scaling.frequencies(RopeShape.of(64, 10_000, 16_384)).attentionScale())
                .isEqualTo((0.1 * Math.log(4) + 1) * (0.1 * Math.log(2) + 1));
    }

    @Test
    void dependsOnTheLengthIfEitherDoes() {
        RopeScaling fixed = new LinearScaling(2);
        RopeScaling dynamic = new DynamicNtkScaling(2);
        assertThat(new ScalingOnTop(fixed, 4096, fixed).dependsOnSequenceLength())
                .isFalse();
        assertThat(new ScalingOnTop(dynamic, 4096, fixed).dependsOnSequenceLength())
                .isTrue();
        assertThat(new ScalingOnTop(fixed, 4096, dynamic).dependsOnSequenceLength())
                .isTrue();
    }

    @Test
    void refusesATrainedLengthBelowOneToken() {
        assertThatThrownBy(() -> new ScalingOnTop(new NoScaling(), 0, new NoScaling()))
                .hasMessage("ownTrainedLength must be at least 1, was 0");
    }
}
