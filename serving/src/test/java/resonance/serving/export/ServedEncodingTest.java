package resonance.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.model.EncodingChoice;
import resonance.model.Placement;
import resonance.model.PositionSettings;
import resonance.rope.LinearScaling;
import resonance.rope.Llama3Scaling;
import resonance.rope.NoScaling;
import resonance.rope.Refusal;
import resonance.rope.RopeScaling;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.rope.YarnScaling;
import resonance.rope.huggingface.ModelRope;

/** What is asked for with a factor, a length, both or neither, of models that read 128 tokens but for their own scaling. */
class ServedEncodingTest {
    private static final OptionalDouble NO_FACTOR = OptionalDouble.empty();
    private static final OptionalInt NO_LENGTH = OptionalInt.empty();

    private static PositionSettings model(RopeScaling own) {
        ModelRope rope = new ModelRope(RopeShape.of(4, 10_000, 128), own, 4, 128);
        return new PositionSettings("llama", rope, rope, List.of(0), 0);
    }

    private static EncodingChoice asked(String name, double factor) {
        return EncodingChoice.of(name, ScalingSettings.ofFactor(factor));
    }

    @ParameterizedTest
    @CsvSource({
        "linear, 4,   ,    512, 4",
        "linear,  ,   300, 300, 2.34375",
        "linear, 8,   300, 300, 8",
        "linear,  ,   64,  64,  1",
        "none,    ,   ,    128, 1",
        "none,    ,   640, 640, 5",
        "model,   ,   ,    128, 1"
    })
    void factorAndLengthFollowFromEachOther(
            String name, @Nullable Double factor, @Nullable Integer length, int reach, double used) {
        ServedEncoding served = ServedEncoding.of(
                model(new NoScaling()),
                asked(name, factor == null ? 1 : factor),
                factor == null ? NO_FACTOR : OptionalDouble.of(factor),
                length == null ? NO_LENGTH : OptionalInt.of(length));
        assertThat(served.contextLength()).isEqualTo(reach);
        assertThat(served.encoding().settings().factor()).isEqualTo(used);
    }

    @Test
    void whatTheModelComesWithIsStretchedOrReplaced() {
        PositionSettings llama = model(new Llama3Scaling(8, 1, 4));
        ServedEncoding onTop = ServedEncoding.of(llama, asked("yarn", 4), OptionalDouble.of(4), NO_LENGTH);
        assertThat(onTop.contextLength()).isEqualTo(4 * 8 * 128);
        ServedEncoding replaced =
                ServedEncoding.of(llama, asked("yarn", 4).placed(Placement.REPLACE), OptionalDouble.of(4), NO_LENGTH);
        assertThat(replaced.contextLength()).isEqualTo(4 * 128);
        assertThat(ServedEncoding.of(llama, asked("model", 1), NO_FACTOR, NO_LENGTH)
                        .contextLength())
                .as("the model's own reach")
                .isEqualTo(8 * 128);
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        PositionSettings plain = model(new NoScaling());
        assertThatThrownBy(() -> ServedEncoding.of(plain, asked("none", 4), OptionalDouble.of(4), NO_LENGTH))
                .isInstanceOf(Refusal.class)
                .hasMessage("encoding none must go without factor, which it does not read, was given with it; leave it"
                        + " out");
        assertThatThrownBy(() -> ServedEncoding.of(plain, asked("yarn", 1), NO_FACTOR, NO_LENGTH))
                .hasMessage("encoding yarn must go with factor or contextLength, was given without; factor 4 stretches"
                        + " 128 tokens to 512");
        assertThatThrownBy(() -> ServedEncoding.of(plain, asked("yarn", 1e9), OptionalDouble.of(1e9), NO_LENGTH))
                .hasMessage("factor must keep the length below 2^31 tokens, was 1000000000");
    }

    @Test
    void refusesToGuessWhereItGoes() {
        assertThatThrownBy(() ->
                        ServedEncoding.of(model(new YarnScaling(4)), asked("ntk", 2), OptionalDouble.of(2), NO_LENGTH))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("encoding ntk must be told where to go");
        PositionSettings gemma = model(new LinearScaling(8));
        assertThatThrownBy(() -> ServedEncoding.of(gemma, asked("none", 1), NO_FACTOR, NO_LENGTH))
                .hasMessage("trainedLength must be given, since the model comes with linear with factor 8 and its files"
                        + " don't say what it was trained on before, was left out; or give contextLength");
        assertThat(ServedEncoding.of(gemma, asked("none", 1), NO_FACTOR, OptionalInt.of(64))
                        .contextLength())
                .isEqualTo(64);
    }
}
