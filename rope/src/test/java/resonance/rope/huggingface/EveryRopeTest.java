package resonance.rope.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.rope.EncodingName;
import resonance.rope.LongRopeScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;

/** What is written of every encoding, for either version and any part of a head, is read back. */
class EveryRopeTest {
    private static final int MAXIMUM = 4096;
    private static final long[] LENGTHS = {1, 100, 4096, 4097, 20_000};

    /** Rotary size and head dimension; some of the shares are not exact in binary. */
    private static final int[][] HEADS = {{8, 8}, {64, 64}, {64, 128}, {48, 80}, {18, 58}, {4, 90}};

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (EncodingName encoding : RopeEncodings.standard().encodings()) {
            for (TransformersVersion version : TransformersVersion.values()) {
                cases.add(Arguments.of(encoding, version));
            }
        }
        return cases;
    }

    private static ModelRope rope(EncodingName encoding, int rotarySize, int headDimension, double base) {
        ScalingSettings settings = ScalingSettings.ofFactor(4)
                .with(LongRopeScaling.SHORT_FACTORS, ramp(rotarySize / 2, 0.01))
                .with(LongRopeScaling.LONG_FACTORS, ramp(rotarySize / 2, 0.37))
                .with(ProportionalScaling.ROTATED_SHARE, 0.5);
        return new ModelRope(
                RopeShape.of(rotarySize, base, MAXIMUM), encoding.scaling(settings), headDimension, MAXIMUM);
    }

    private static List<Double> ramp(int size, double slope) {
        return DoubleStream.iterate(1, value -> value + slope)
                .limit(size)
                .boxed()
                .toList();
    }

    private static ModelRope read(Map<String, Object> written, ModelRope rope, TransformersVersion version) {
        Map<String, Object> config = new LinkedHashMap<>(written);
        // A class whose unscaled encoding rotates a part of the head in either version.
        config.put("model_type", "solar_open");
        config.put("head_dim", rope.headDimension());
        Map<String, ModelRope> layers = ModelRopeReader.read(config, version).ropes();
        assertThat(layers).containsOnlyKeys(ModelRope.ALL_LAYERS);
        return layers.values().iterator().next();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void itsOwnTypeGivesTheSameFrequenciesAtEveryLength(EncodingName encoding, TransformersVersion version) {
        for (int[] head : HEADS) {
            for (double base : new double[] {10_000, 500_000}) {
                ModelRope rope = rope(encoding, head[0], head[1], base);
                if (rope.scaling() instanceof ProportionalScaling && head[0] < head[1]) {
                    continue; // its share is of the whole head
                }
                if (RopeType.of(rope.scaling(), version).isEmpty()) {
                    assertThatThrownBy(() -> ModelRopeWriter.write(rope, version))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("scaling must be one that transformers " + version.major()
                                    + " has a rope_type for, was " + rope.scaling()
                                    + "; write its frequencies with portable");
                    continue;
                }
                ModelRope back = read(ModelRopeWriter.write(rope, version), rope, version);
                assertThat(back.shape().headSize()).isEqualTo(head[0]);
                assertThat(back.maximumLength()).isEqualTo(MAXIMUM);
                for (long length : LENGTHS) {
                    assertThat(back.frequencies(length))
                            .as("%s of %s, base %s, length %s", head[0], head[1], base, length)
                            .isEqualTo(rope.frequencies(length));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void thePortableBlockGivesTheFrequenciesOfTheLengthItWasWrittenAt(
            EncodingName encoding, TransformersVersion version) {
        for (int[] head : HEADS) {
            ModelRope rope = rope(encoding, head[0], head[1], 10_000);
            for (long length : LENGTHS) {
                RopeFrequencies frequencies = rope.frequencies(length);
                ModelRope back =
                        read(ModelRopeWriter.portable(frequencies, rope.shape(), head[1], MAXIMUM), rope, version);
                for (long reading : LENGTHS) {
                    RopeFrequencies same = back.frequencies(reading);
                    assertThat(same.pairs()).isEqualTo(frequencies.pairs());
                    assertThat(same.attentionScale()).isEqualTo(frequencies.attentionScale());
                    for (int pair = 0; pair < same.pairs(); pair++) {
                        double radians = frequencies.radiansPerToken(pair);
                        // A pair that stands still is written as one that turns once in 6e30 tokens.
                        assertThat(same.radiansPerToken(pair))
                                .as("pair %s", pair)
                                .isCloseTo(radians, within(Math.max(1e-30, 5e-16 * radians)));
                    }
                }
            }
        }
    }
}
