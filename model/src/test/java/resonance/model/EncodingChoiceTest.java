package resonance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.rope.DynamicNtkScaling;
import resonance.rope.LayerFrequencies;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.LongRopeScaling;
import resonance.rope.NoScaling;
import resonance.rope.Refusal;
import resonance.rope.Resonance;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingOnTop;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.rope.huggingface.ModelRope;

class EncodingChoiceTest {
    private static final RopeShape SHAPE = RopeShape.of(16, 50_000, 128);
    private static final ScalingSettings FACTOR_4 = ScalingSettings.ofFactor(4)
            .with(LongRopeScaling.SHORT_FACTORS, List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0))
            .with(LongRopeScaling.LONG_FACTORS, List.of(1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0));
    private static final RopeScaling OWN = new Llama3Scaling(2, 1, 4);

    private static ModelRope rope(RopeShape shape, RopeScaling scaling) {
        return new ModelRope(shape, scaling, 16, 512);
    }

    private static PositionSettings model(ModelRope rope, ModelRope slidingRope) {
        return new PositionSettings("llama", rope, slidingRope, List.of(0, 8), 0);
    }

    private static PositionSettings oneEncoding() {
        ModelRope rope = rope(SHAPE, OWN);
        return model(rope, rope);
    }

    private static EncodingChoice replacing(String name, ScalingSettings settings) {
        return EncodingChoice.of(name, settings).placed(Placement.REPLACE);
    }

    private static List<String> scalings() {
        return RopeEncodings.standard().methods().stream()
                .map(ScalingMethod::name)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void aNamedScalingThatReplacesTheModelsOwnIsThatOfAllLayersThatShareIt(String name) {
        RopeScaling scaling = RopeEncodings.standard().method(name).scaling(FACTOR_4);
        RopeShape atLength = SHAPE.withSequenceLength(300);
        assertThat(replacing(name, FACTOR_4).frequencies(oneEncoding(), 300))
                .isEqualTo(LayerFrequencies.same(scaling.frequencies(atLength)));
        assertThat(replacing("resonance-" + name, FACTOR_4).frequencies(oneEncoding(), 300))
                .isEqualTo(LayerFrequencies.same(new Resonance(scaling).frequencies(atLength)));
    }

    @Test
    void noneIsPlainRopeOnTheModelsBaseAndRopeAnotherWordForIt() {
        EncodingChoice none = EncodingChoice.of("none", FACTOR_4);
        assertThat(none.frequencies(oneEncoding(), 300))
                .isEqualTo(LayerFrequencies.same(new NoScaling().frequencies(SHAPE)));
        assertThat(EncodingChoice.of("rope", FACTOR_4).name()).isEqualTo("none");
        assertThat(EncodingChoice.of("resonance-rope", FACTOR_4).name()).isEqualTo("resonance-none");
        assertThat(EncodingChoice.of("resonance-rope", FACTOR_4).frequencies(oneEncoding(), 300))
                .isEqualTo(LayerFrequencies.same(new Resonance(new NoScaling()).frequencies(SHAPE)));
    }

    @Test
    void modelIsWhatTheModelsSettingsSay() {
        assertThat(EncodingChoice.of("model", FACTOR_4).frequencies(oneEncoding(), 300))
                .isEqualTo(LayerFrequencies.same(OWN.frequencies(SHAPE)));
        assertThat(EncodingChoice.of("resonance-model", FACTOR_4).frequencies(oneEncoding(), 300))
                .isEqualTo(LayerFrequencies.same(new Resonance(OWN).frequencies(SHAPE)));
    }

    @Test
    void slidingLayersKeepTheModelsOwnEncodingIfItIsAnother() {
        ModelRope sliding = rope(RopeShape.of(16, 10_000, 128), new NoScaling());
        PositionSettings model = model(rope(SHAPE, new LinearScaling(8)), sliding);
        LayerFrequencies yarn = replacing("resonance-yarn", FACTOR_4).frequencies(model, 512);
        assertThat(yarn.full()).isEqualTo(new Resonance(yarnOfFactor4()).frequencies(SHAPE));
        assertThat(yarn.sliding()).isEqualTo(sliding.frequencies(512));
    }

    private static YarnScaling yarnOfFactor4() {
        return new YarnScaling(4, 32, 1, true, OptionalDouble.empty(), 0, 0);
    }

    @Test
    void dynamicScalingsStretchAsFarAsTheTextAtHand() {
        EncodingChoice dynamic = replacing("dynamic-ntk", ScalingSettings.DEFAULTS);
        EncodingChoice fixed = replacing("ntk", ScalingSettings.ofFactor(3));
        assertThat(dynamic.frequencies(oneEncoding(), 384)).isEqualTo(fixed.frequencies(oneEncoding(), 384));
        assertThat(dynamic.frequencies(oneEncoding(), 100))
                .isEqualTo(EncodingChoice.of("none", FACTOR_4).frequencies(oneEncoding(), 100));
        assertThat(dynamic.dependsOnSequenceLength(oneEncoding())).isTrue();
        assertThat(fixed.dependsOnSequenceLength(oneEncoding())).isFalse();
    }

    @Test
    void theFactorForALengthIsItsShareOfWhatIsStretchedAndAtLeastOne() {
        assertThat(replacing("yarn", FACTOR_4).factorFor(oneEncoding(), 1024)).isEqualTo(8);
        assertThat(replacing("yarn", FACTOR_4).factorFor(oneEncoding(), 192)).isEqualTo(1.5);
        assertThat(replacing("yarn", FACTOR_4).factorFor(oneEncoding(), 100)).isEqualTo(1);
        assertThat(EncodingChoice.of("yarn", FACTOR_4).factorFor(oneEncoding(), 1024))
                .isEqualTo(2);
        assertThat(PlacementChoice.USUAL.factorFor(oneEncoding(), 1024)).isEqualTo(2);
    }

    @Test
    void onTopOfWhatAModelWasTrainedWithAScalingStretchesAllThatItReaches() {
        EncodingChoice yarn = EncodingChoice.of("yarn", FACTOR_4);
        assertThat(yarn.placement(oneEncoding())).isEqualTo(Placement.ON_TOP);
        assertThat(yarn.trainedLength(oneEncoding())).isEqualTo(512);
        assertThat(yarn.shape(oneEncoding())).isEqualTo(RopeShape.of(16, 50_000, 512));
        assertThat(yarn.frequencies(oneEncoding(), 300))
                .isEqualTo(LayerFrequencies.same(
                        new ScalingOnTop(OWN, 128, yarnOfFactor4()).frequencies(RopeShape.of(16, 50_000, 512))));
        assertThat(EncodingChoice.of("resonance-yarn", FACTOR_4).frequencies(oneEncoding(), 300))
                .isEqualTo(LayerFrequencies.same(new Resonance(new ScalingOnTop(OWN, 128, yarnOfFactor4()))
                        .frequencies(RopeShape.of(16, 50_000, 512))));
    }

    @Test
    void aScalingThatMayHaveBeenPutInLaterIsReplacedUnlessSomebodySaysOtherwise() {
        for (RopeScaling later : List.of(new YarnScaling(4), new DynamicNtkScaling(4))) {
            ModelRope rope = rope(SHAPE, later);
            PositionSettings model = model(rope, rope);
            EncodingChoice ntk = EncodingChoice.of("ntk", FACTOR_4);
            assertThat(new OwnEncoding(rope).mayBeAnExtension()).isTrue();
            assertThat(ntk.placement(model)).isEqualTo(Placement.REPLACE);
            assertThat(ntk.trainedLength(model)).isEqualTo(128);
            assertThat(ntk.placed(Placement.ON_TOP).placement(model)).isEqualTo(Placement.ON_TOP);
            assertThat(ntk.placed(Placement.ON_TOP).trainedLength(model)).isEqualTo(512);
        }
    }

    @Test
    void plainRopeAndTheModelsOwnGoOnTopOfNothing() {
        for (String name : List.of("none", "resonance-none", "model", "resonance-model")) {
            assertThat(EncodingChoice.of(name, FACTOR_4)
                            .placed(Placement.ON_TOP)
                            .placement(oneEncoding()))
                    .isEqualTo(Placement.REPLACE);
            assertThat(EncodingChoice.of(name, FACTOR_4).trainedLength(oneEncoding()))
                    .isEqualTo(128);
        }
    }

    @Test
    void aTrainedLengthThatSomebodySaysCounts() {
        assertThat(replacing("yarn", FACTOR_4).trainedOn(64).shape(oneEncoding()))
                .isEqualTo(RopeShape.of(16, 50_000, 64));
    }

    @Test
    void refusesAnUnknownNameWithTheKnownOnesAndTheNearest() {
        assertThatThrownBy(() -> EncodingChoice.of("resonance-yam", FACTOR_4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("encoding 'resonance-yam' is unknown; known: none, linear, ntk, abf, dynamic-ntk,"
                        + " ntk-by-parts, yarn, yarn-paper, dynamic-yarn, longrope, llama3, proportional,"
                        + " ntk-critical, mrrope, cope, model,"
                        + " and resonance- before any; did you mean 'resonance-yarn'?");
    }

    @Test
    void aScalingThatRefusesItsSettingsIsRefusedBeforeThereIsAModel() {
        assertThatThrownBy(() -> EncodingChoice.of("resonance-longrope", ScalingSettings.ofFactor(4)))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "shortFactors and longFactors must be given for longrope, one divisor per pair, were 0 and 0"
                                + " values");
    }
}
