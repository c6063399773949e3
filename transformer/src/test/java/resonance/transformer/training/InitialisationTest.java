package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.NormSettings;
import resonance.decoder.ParameterLayout;
import resonance.decoder.ParameterRole;
import resonance.decoder.RelativeBias;

class InitialisationTest {
    /** Every kind of parameter there is, of a size at which deviations show. */
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(300, 96, 2, 6, 2, 32, 160, 1e-5, false)
            .with(new AttentionShape(6, 2, 32, true, 0.2))
            .with(new NormSettings(1e-6, true, true))
            .with(new RelativeBias(1024, 4096));

    private static final ParameterLayout LAYOUT = new ParameterLayout(CONFIG);

    /** Norms of queries and keys too, which a rule by names once took for matrices. */
    @ParameterizedTest
    @EnumSource(Initialisation.class)
    void everyNormBeginsWithOnesAndEveryBiasWithZeros(Initialisation initialisation) {
        float[] values = initialisation.draw(LAYOUT, 7);
        int norms = 0;
        for (ParameterLayout.Entry entry : LAYOUT.entries()) {
            switch (entry.parameter().role().kind()) {
                case NORM -> {
                    assertThat(entry.of(values)).as(entry.parameter().name()).containsOnly(1);
                    norms++;
                }
                case BIAS ->
                    assertThat(entry.of(values)).as(entry.parameter().name()).containsOnly(0);
                case MATRIX ->
                    assertThat(entry.of(values)).as(entry.parameter().name()).doesNotContain(0);
            }
        }
        assertThat(norms).isEqualTo(2 * 6 + 1);
    }

    @Test
    void t5DrawsByTheWidthThatAMatrixReads() {
        assertDeviation(Initialisation.T5, ParameterRole.EMBEDDING, 1);
        assertDeviation(Initialisation.T5, ParameterRole.HEAD, 1);
        assertDeviation(Initialisation.T5, ParameterRole.QUERY, 1 / Math.sqrt(96.0 * 32));
        assertDeviation(Initialisation.T5, ParameterRole.KEY, 1 / Math.sqrt(96.0));
        assertDeviation(Initialisation.T5, ParameterRole.VALUE, 1 / Math.sqrt(96.0));
        assertDeviation(Initialisation.T5, ParameterRole.ATTENTION_OUTPUT, 1 / Math.sqrt(6.0 * 32));
        assertDeviation(Initialisation.T5, ParameterRole.GATE, 1 / Math.sqrt(96.0));
        assertDeviation(Initialisation.T5, ParameterRole.UP, 1 / Math.sqrt(96.0));
        assertDeviation(Initialisation.T5, ParameterRole.DOWN, 1 / Math.sqrt(160.0));
        assertDeviation(Initialisation.T5, ParameterRole.RELATIVE_BIAS, 1 / Math.sqrt(96.0));
    }

    /** So that encodings compared within a seed begin with the same decoder. */
    @ParameterizedTest
    @EnumSource(Initialisation.class)
    void aRelativeBiasChangesNoOtherParameter(Initialisation initialisation) {
        DecoderConfig plain = DecoderConfig.t5Style(18, 16, 2, 2, 8, 32, 0.1);
        float[] without = initialisation.draw(new ParameterLayout(plain), 9);
        float[] with = initialisation.draw(new ParameterLayout(plain.with(RelativeBias.T5)), 9);
        assertThat(with).startsWith(without).hasSize(without.length + 32 * 2);
    }

    @Test
    void smallNormalDrawsAlikeButForTheEndsOfBranches() {
        for (ParameterRole role : ParameterRole.values()) {
            if (role.kind() == ParameterRole.Kind.MATRIX) {
                boolean end = role == ParameterRole.ATTENTION_OUTPUT || role == ParameterRole.DOWN;
                assertDeviation(Initialisation.SMALL_NORMAL, role, end ? 0.02 / 2 : 0.02);
            }
        }
    }

    private static void assertDeviation(Initialisation initialisation, ParameterRole role, double expected) {
        ParameterLayout.Entry entry =
                LAYOUT.entry(role.inLayers() ? CONFIG.parameter(role, 1) : CONFIG.parameter(role));
        float[] values = entry.of(initialisation.draw(LAYOUT, 8));
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        // Five standard deviations of the mean, and of the mean square, of normal draws.
        assertThat(sum / values.length)
                .as("mean of " + role)
                .isCloseTo(0, within(5 * expected / Math.sqrt(values.length)));
        double variance = expected * expected;
        assertThat(squares / values.length)
                .as("mean square of " + role)
                .isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / values.length)));
    }

    @Test
    void theSeedAloneDecides() {
        float[] values = Initialisation.T5.draw(LAYOUT, 1);
        assertThat(Initialisation.T5.draw(LAYOUT, 1)).isEqualTo(values);
        assertThat(Initialisation.T5.draw(LAYOUT, 2)).isNotEqualTo(values);
    }
}
