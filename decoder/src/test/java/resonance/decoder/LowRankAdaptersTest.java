package resonance.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;

class LowRankAdaptersTest {
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(11, 8, 2, 2, 1, 4, 12, 1e-5, true);
    private static final LowRankAdapters SOME =
            new LowRankAdapters(3, 6, Set.of(ParameterRole.VALUE, ParameterRole.DOWN), 1);

    @Test
    void theScaleIsAlphaOfTheRank() {
        assertThat(SOME.scale()).isEqualTo(2);
    }

    @Test
    void adaptersLieFirstAndAllElseIsFrozen() {
        ParameterLayout layout = new ParameterLayout(CONFIG, SOME);
        ParameterLayout plain = new ParameterLayout(CONFIG);
        long value = 3 * (8 + 4);
        long down = 3 * (12 + 8);
        assertThat(layout.trainedSize()).isEqualTo(2 * (value + down));
        assertThat(layout.size()).isEqualTo(layout.trainedSize() + plain.size());
        assertThat(layout.adapterPlaces())
                .containsExactly(
                        new LowRankAdapters.Place(CONFIG.parameter(ParameterRole.VALUE, 0), 0, 3),
                        new LowRankAdapters.Place(CONFIG.parameter(ParameterRole.DOWN, 0), value, 3),
                        new LowRankAdapters.Place(CONFIG.parameter(ParameterRole.VALUE, 1), value + down, 3),
                        new LowRankAdapters.Place(CONFIG.parameter(ParameterRole.DOWN, 1), 2 * value + down, 3));
        LowRankAdapters.Place place = layout.adapterPlaces().get(1);
        assertThat(place.secondOffset()).isEqualTo(value + 3 * 12);
        assertThat(place.end()).isEqualTo(value + down);
        assertThat(layout.entries()).hasSameSizeAs(plain.entries()).noneMatch(ParameterLayout.Entry::trained);
        for (ParameterLayout.Entry entry : plain.entries()) {
            assertThat(layout.entry(entry.parameter()).offset()).isEqualTo(layout.trainedSize() + entry.offset());
        }
        assertThat(layout.adapterPlace(CONFIG.parameter(ParameterRole.DOWN, 0))).contains(place);
        assertThat(layout.adapterPlace(CONFIG.parameter(ParameterRole.UP, 0))).isEmpty();
        assertThat(plain.adapters()).isEmpty();
        assertThat(plain.adapterPlaces()).isEmpty();
    }

    @Test
    void refusesWhatIsNoAdapter() {
        Set<ParameterRole> up = Set.of(ParameterRole.UP);
        String possible = "attention.query, attention.key, attention.value, attention.output, feedForward.gate,"
                + " feedForward.up, feedForward.down";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LowRankAdapters(0, 1, up, 1))
                .withMessage("rank must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LowRankAdapters(1, 0, up, 1))
                .withMessage("alpha must be above 0 and finite, was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LowRankAdapters(1, 1, Set.of(), 1))
                .withMessage("targets must be at least one of " + possible + ", were none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LowRankAdapters(1, 1, Set.of(ParameterRole.UP, ParameterRole.HEAD), 1))
                .withMessage("targets must be at least one of " + possible + ", were feedForward.up, head");
    }

    @Test
    void refusesAMatrixThatTheDecoderDoesNotHave() {
        DecoderConfig ungated = CONFIG.with(new FeedForwardShape(FeedForwardKind.RELU, 12));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParameterLayout(
                        ungated, new LowRankAdapters(1, 1, Set.of(ParameterRole.UP, ParameterRole.GATE), 1)))
                .withMessage("targets must be matrices of the decoder, which has no feedForward.gate, was"
                        + " feedForward.gate");
    }
}
