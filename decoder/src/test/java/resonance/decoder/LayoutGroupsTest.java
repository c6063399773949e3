package resonance.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Training one group of joined parameters alone. */
class LayoutGroupsTest {
    /** A decoder that has a parameter of every role. */
    private static final DecoderConfig EVERYTHING = DecoderConfig.llamaStyle(10, 6, 2, 4, 2, 8, 12, 1e-5, false)
            .with(new AttentionShape(4, 2, 8, true, 0.5))
            .with(new NormSettings(1e-6, true, true))
            .with(RelativeBias.T5);

    private static ParameterLayout trainingOnly(ParameterRole group) {
        return new ParameterLayout(EVERYTHING, parameter -> parameter.role().joint() == group.joint());
    }

    @ParameterizedTest
    @EnumSource(ParameterRole.class)
    void theTrainedPartIsTheGroupOfEveryLayer(ParameterRole role) {
        ParameterLayout layout = trainingOnly(role);
        long expected = EVERYTHING.parameters().stream()
                .filter(parameter -> parameter.role().joint() == role.joint())
                .mapToLong(Parameter::size)
                .sum();
        assertThat(layout.trainedSize()).isEqualTo(expected).isPositive().isLessThan(layout.size());
        assertThat(layout.size()).isEqualTo(new ParameterLayout(EVERYTHING).size());
        for (ParameterLayout.Entry entry : layout.entries()) {
            assertThat(entry.trained()).isEqualTo(entry.parameter().role().joint() == role.joint());
            assertThat(layout.entry(entry.parameter())).isEqualTo(entry);
        }
    }

    @ParameterizedTest
    @EnumSource(ParameterRole.class)
    void thePartsOneAfterTheOtherAreTheWholeVector(ParameterRole role) {
        ParameterLayout layout = trainingOnly(role);
        float[] flat = new float[Math.toIntExact(layout.size())];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = i;
        }
        float[] joined = new float[flat.length];
        int end = 0;
        for (ParameterLayout.Entry entry : layout.entries()) {
            float[] part = entry.of(flat);
            System.arraycopy(part, 0, joined, end, part.length);
            end += part.length;
        }
        assertThat(joined).isEqualTo(flat);
    }

    @ParameterizedTest
    @EnumSource(
            value = ParameterRole.class,
            mode = Mode.INCLUDE,
            names = {"QUERY", "KEY", "VALUE", "QUERY_BIAS", "KEY_BIAS", "VALUE_BIAS", "GATE", "UP"})
    void aPartOfAGroupIsNeverTrainedAlone(ParameterRole role) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParameterLayout(EVERYTHING, parameter -> parameter.role() == role))
                .withMessageEndingWith(
                        " must be both trained or both frozen, since they are one matrix, was one of each");
    }

    @Test
    void theGroupsAreThese() {
        assertThat(roles(ParameterRole.VALUE))
                .containsExactly(ParameterRole.QUERY, ParameterRole.KEY, ParameterRole.VALUE);
        assertThat(roles(ParameterRole.KEY_BIAS))
                .containsExactly(ParameterRole.QUERY_BIAS, ParameterRole.KEY_BIAS, ParameterRole.VALUE_BIAS);
        assertThat(roles(ParameterRole.UP)).containsExactly(ParameterRole.GATE, ParameterRole.UP);
        Stream<ParameterRole> alone = Arrays.stream(ParameterRole.values())
                .filter(ParameterRole::inLayers)
                .filter(role -> roles(role).size() == 1);
        assertThat(alone).hasSize(8);
    }

    private static List<ParameterRole> roles(ParameterRole role) {
        return ParameterLayout.joined(EVERYTHING, role, 0).stream()
                .map(Parameter::role)
                .toList();
    }
}
