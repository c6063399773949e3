package resonance.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterLayoutTest {
    private static final DecoderConfig LLAMA = DecoderConfig.llamaStyle(18, 16, 2, 4, 2, 8, 24, 1e-5, false);

    static Stream<DecoderConfig> configs() {
        return Stream.of(
                LLAMA,
                DecoderConfig.t5Style(11, 32, 3, 2, 16, 64, 0.1),
                LLAMA.with(new AttentionShape(4, 2, 8, true, 0.5)),
                LLAMA.with(new NormSettings(1e-6, true, true)).with(new EmbeddingSettings(true, 4, 1)));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void parametersLieOneAfterTheOtherAndCoverTheVector(DecoderConfig config) {
        for (Predicate<Parameter> trained : groups()) {
            ParameterLayout layout = new ParameterLayout(config, trained);
            long end = 0;
            for (ParameterLayout.Entry entry : layout.entries()) {
                assertThat(entry.offset()).as(entry.parameter().name()).isEqualTo(end);
                end = entry.end();
            }
            assertThat(layout.size()).isEqualTo(end);
            assertThat(layout.entries())
                    .extracting(ParameterLayout.Entry::parameter)
                    .containsExactlyInAnyOrderElementsOf(config.parameters());
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void trainedParametersLieBeforeFrozenOnesEachInTheirOrder(DecoderConfig config) {
        for (Predicate<Parameter> trained : groups()) {
            ParameterLayout layout = new ParameterLayout(config, trained);
            List<Parameter> expected = new ArrayList<>(config.parameters());
            expected.sort(Comparator.comparing(parameter -> trained.test(parameter) ? 0 : 1));
            assertThat(layout.entries())
                    .extracting(ParameterLayout.Entry::parameter)
                    .containsExactlyElementsOf(expected);
            for (ParameterLayout.Entry entry : layout.entries()) {
                assertThat(entry.trained()).isEqualTo(entry.end() <= layout.trainedSize());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("configs")
    void joinedParametersLieSideBySide(DecoderConfig config) {
        ParameterLayout layout = new ParameterLayout(config, parameter -> parameter.layer() == 1);
        for (Parameter parameter : config.parameters()) {
            List<Parameter> joined = layout.joined(parameter.role(), parameter.layer());
            assertThat(joined).contains(parameter);
            for (int i = 1; i < joined.size(); i++) {
                assertThat(layout.entry(joined.get(i)).offset())
                        .isEqualTo(layout.entry(joined.get(i - 1)).end());
            }
        }
    }

    private static List<Predicate<Parameter>> groups() {
        return List.of(
                parameter -> true,
                parameter -> parameter.layer() == 1,
                parameter -> parameter.role().kind() == ParameterRole.Kind.NORM,
                parameter -> parameter.role().joint() == ParameterRole.QUERY);
    }

    @Test
    void aPlaceCopiesItsPartOfAVector() {
        ParameterLayout layout = new ParameterLayout(LLAMA);
        float[] flat = new float[(int) layout.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = i;
        }
        ParameterLayout.Entry entry = layout.entry(LLAMA.parameter(ParameterRole.FINAL_NORM));
        assertThat(entry.of(flat))
                .hasSize(16)
                .startsWith((float) entry.offset())
                .endsWith((float) (entry.end() - 1));
    }

    @Test
    void refusesToTrainAPartOfAJoinedMatrix() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParameterLayout(LLAMA, parameter -> parameter.role() == ParameterRole.QUERY))
                .withMessage("layer.0.attention.key and layer.0.attention.query must be both trained or both frozen,"
                        + " since they are one matrix, was one of each");
    }

    @Test
    void refusesToTrainNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParameterLayout(LLAMA, parameter -> false))
                .withMessage("trained parameters must be at least one, were none");
    }

    @Test
    void refusesAParameterOfAnotherDecoder() {
        DecoderConfig small = DecoderConfig.t5Style(18, 8, 1, 1, 8, 8, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ParameterLayout(small).entry(LLAMA.parameter(ParameterRole.QUERY, 0)))
                .withMessage("parameter must be one of [embedding, layer.0.attention.norm, layer.0.attention.query,"
                        + " layer.0.attention.key, layer.0.attention.value, layer.0.attention.output,"
                        + " layer.0.feedForward.norm, layer.0.feedForward.up, layer.0.feedForward.down, finalNorm],"
                        + " was layer.0.attention.query[32, 16]");
    }
}
