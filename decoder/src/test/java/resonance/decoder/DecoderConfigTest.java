package resonance.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderConfigTest {
    @Test
    void thePapersDecoderHasAboutSixMillionParameters() {
        DecoderConfig paper = DecoderConfig.t5Style(18, 512, 2, 8, 64, 2048, 0.1);
        // 2 x (4 x 512 x 512 + 2 x 512 x 2048 + 2 x 512) + 18 x 512 + 512
        assertThat(new ParameterLayout(paper).size()).isEqualTo(6_303_232);
    }

    @Test
    void rejectsAnOddHeadSize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecoderConfig.t5Style(18, 64, 2, 1, 63, 256, 0))
                .withMessage("headSize must be even, was 63");
    }

    @Test
    void rejectsKeyHeadsThatDoNotDivideTheHeads() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecoderConfig.llamaStyle(18, 64, 2, 4, 3, 16, 256, 1e-5, false))
                .withMessage("keyValueHeads must divide heads (4), was 3");
    }

    @Test
    void acceptsANormEpsilonOfZeroAndRejectsOneBelow() {
        assertThat(withEpsilon(0).norms().epsilon()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withEpsilon(-1e-5))
                .withMessage("normEpsilon must be at least 0 and finite, was -1.0E-5");
    }

    private static DecoderConfig withEpsilon(double epsilon) {
        return DecoderConfig.llamaStyle(18, 64, 2, 4, 2, 16, 256, epsilon, false);
    }

    @Test
    void rejectsDropoutOfOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DecoderConfig.t5Style(18, 64, 2, 1, 64, 256, 1))
                .withMessage("dropout must be at least 0 and below 1, was 1.0");
    }

    @Test
    void aLlamaHasTheseParameters() {
        DecoderConfig llama = DecoderConfig.llamaStyle(10, 6, 1, 2, 1, 4, 8, 1e-5, false);
        assertThat(llama.parameters())
                .extracting(Parameter::toString)
                .containsExactly(
                        "embedding[10, 6]",
                        "layer.0.attention.norm[6]",
                        "layer.0.attention.query[8, 6]",
                        "layer.0.attention.key[4, 6]",
                        "layer.0.attention.value[4, 6]",
                        "layer.0.attention.output[6, 8]",
                        "layer.0.feedForward.norm[6]",
                        "layer.0.feedForward.gate[8, 6]",
                        "layer.0.feedForward.up[8, 6]",
                        "layer.0.feedForward.down[6, 8]",
                        "finalNorm[6]",
                        "head[10, 6]");
    }

    @Test
    void biasesNormsAndTiesAddAndTakeAwayParameters() {
        DecoderConfig plain = DecoderConfig.llamaStyle(10, 6, 1, 2, 1, 4, 8, 1e-5, false);
        DecoderConfig gemma = plain.with(new AttentionShape(2, 1, 4, true, 0.5))
                .with(new NormSettings(1e-6, true, true))
                .with(new EmbeddingSettings(true, 2, 1));
        List<Parameter> added = new ArrayList<>(gemma.parameters());
        added.removeAll(plain.parameters());
        assertThat(added)
                .extracting(Parameter::toString)
                .containsExactly(
                        "layer.0.attention.queryBias[8]",
                        "layer.0.attention.keyBias[4]",
                        "layer.0.attention.valueBias[4]",
                        "layer.0.attention.queryNorm[4]",
                        "layer.0.attention.keyNorm[4]",
                        "layer.0.attention.postNorm[6]",
                        "layer.0.feedForward.postNorm[6]");
        List<Parameter> gone = new ArrayList<>(plain.parameters());
        gone.removeAll(gemma.parameters());
        assertThat(gone).extracting(Parameter::role).containsExactly(ParameterRole.HEAD);
        assertThat(plain.with(new FeedForwardShape(FeedForwardKind.RELU, 8)).parameters())
                .extracting(Parameter::role)
                .doesNotContain(ParameterRole.GATE);
    }

    @Test
    void everyParameterIsFoundByItsRoleAndLayerAndNoOther() {
        DecoderConfig config = DecoderConfig.llamaStyle(10, 6, 2, 2, 1, 4, 8, 1e-5, true);
        for (Parameter parameter : config.parameters()) {
            assertThat(config.parameter(parameter.role(), parameter.layer())).isEqualTo(parameter);
        }
        assertThat(config.parameter(ParameterRole.EMBEDDING).columns()).isEqualTo(6);
        assertThat(config.parameter(ParameterRole.FINAL_NORM).columns()).isEqualTo(1);
        for (ParameterRole role : List.of(ParameterRole.HEAD, ParameterRole.QUERY)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> config.parameter(role))
                    .withMessageStartingWith("parameter must be one of a decoder with 2 layers, ")
                    .withMessageEndingWith(role == ParameterRole.HEAD ? ", was head" : ", was attention.query");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.parameter(ParameterRole.QUERY, 2))
                .withMessage("parameter must be one of a decoder with 2 layers, "
                        + "NormSettings[epsilon=1.0E-5, queryKey=false, post=false] and "
                        + "EmbeddingSettings[tied=true, scale=1.0, outputScale=1.0], was layer.2.attention.query");
    }

    @Test
    void sizesBeyondOneArrayAreCountedNotWrappedAround() {
        DecoderConfig huge =
                DecoderConfig.llamaStyle(Integer.MAX_VALUE, 1 << 30, 1, 1 << 20, 1, 1 << 16, 8, 1e-5, true);
        assertThat(huge.parameter(ParameterRole.EMBEDDING).size()).isEqualTo((long) Integer.MAX_VALUE << 30);
        assertThat(huge.parameter(ParameterRole.QUERY, 0).shape()).containsExactly(1L << 36, 1L << 30);
        assertThatThrownBy(() -> huge.parameter(ParameterRole.QUERY, 0).size()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void layersSeeEverythingOrAWindow() {
        DecoderConfig config = DecoderConfig.llamaStyle(10, 6, 3, 2, 1, 4, 8, 1e-5, true);
        assertThat(config.windows()).containsExactly(0, 0, 0);
        DecoderConfig windowed = config.with(AttentionKind.ofWindows(List.of(4, 0)));
        assertThat(windowed.layers()).isEqualTo(2);
        assertThat(windowed.attentionKinds()).containsExactly(new AttentionKind.SlidingWindow(4), AttentionKind.FULL);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttentionKind.ofWindow(-1))
                .withMessage("window must be at least 1, was -1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0  | 6 | 2 | 4 | 8 | vocabularySize must be at least 1, was 0",
                "10 | 0 | 2 | 4 | 8 | width must be at least 1, was 0",
                "10 | 6 | 0 | 4 | 8 | layers must be at least 1, was 0",
                "10 | 6 | 2 | 0 | 8 | heads must be at least 1, was 0",
                "10 | 6 | 2 | 4 | 0 | feedForwardWidth must be at least 1, was 0"
            })
    void rejectsSizesBelowOne(int vocabulary, int width, int layers, int heads, int feedForward, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> DecoderConfig.llamaStyle(vocabulary, width, layers, heads, 1, 8, feedForward, 1e-5, true))
                .withMessage(message);
    }

    @Test
    void rejectsFactorsThatAreNotAboveZero() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttentionShape(2, 1, 4, false, 0))
                .withMessage("attentionLogitScale must be above 0 and finite, was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EmbeddingSettings(true, Double.NaN, 1))
                .withMessage("embeddingScale must be above 0 and finite, was NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EmbeddingSettings(true, 1, Double.POSITIVE_INFINITY))
                .withMessage("outputScale must be above 0 and finite, was Infinity");
    }

    @Test
    void listsOfLayersAreCopied() {
        List<AttentionKind> kinds = new ArrayList<>(AttentionKind.full(2));
        DecoderConfig config = DecoderConfig.t5Style(18, 8, 1, 1, 8, 8, 0).with(kinds);
        kinds.clear();
        assertThat(config.layers()).isEqualTo(2);
    }
}
