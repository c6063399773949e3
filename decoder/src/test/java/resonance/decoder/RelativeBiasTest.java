package resonance.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.rope.Refusal;

class RelativeBiasTest {
    /** Bucket 16 + k begins with the first distance from 16·8^(k/16) tokens on; the last one has no end. */
    @Test
    void theBucketsOfT5BeginWhereTheirFormulaSays() {
        int[] firsts = IntStream.range(0, 32)
                .map(bucket -> IntStream.iterate(0, distance -> distance + 1)
                        .filter(distance -> RelativeBias.T5.bucket(distance) == bucket)
                        .findFirst()
                        .orElseThrow())
                .toArray();
        assertThat(firsts)
                .containsExactly(
                        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19, 21, 24, 27, 31, 35, 40, 46, 52,
                        59, 67, 77, 87, 99, 113);
    }

    @Test
    void bucketsNeverFallWithTheDistanceAndEndWithTheLast() {
        int before = 0;
        for (int distance = 0; distance < 1000; distance++) {
            int bucket = RelativeBias.T5.bucket(distance);
            assertThat(bucket).isBetween(before, before + 1);
            before = bucket;
        }
        assertThat(RelativeBias.T5.bucket(128)).isEqualTo(31);
        assertThat(RelativeBias.T5.bucket(Integer.MAX_VALUE)).isEqualTo(31);
        assertThat(new RelativeBias(2, 100).bucket(1)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|128|buckets must be at least 2, was 0",
                "31|128|buckets must be even, was 31",
                "32|16|maxDistance must be above half of buckets (32), was 16",
            })
    void sizesThatMakeNoBucketsAreRefused(int buckets, int maxDistance, String message) {
        assertThatThrownBy(() -> new RelativeBias(buckets, maxDistance))
                .isInstanceOf(Refusal.class)
                .hasMessage(message);
    }

    @Test
    void itsTableIsTheLastParameterAndEveryChangeOfADecoderKeepsIt() {
        DecoderConfig plain = DecoderConfig.llamaStyle(11, 8, 2, 4, 2, 6, 12, 1e-5, false);
        DecoderConfig biased = plain.with(RelativeBias.T5);
        List<Parameter> parameters = biased.parameters();
        assertThat(parameters).startsWith(plain.parameters().toArray(Parameter[]::new));
        Parameter table = parameters.get(parameters.size() - 1);
        assertThat(table).isEqualTo(new Parameter(ParameterRole.RELATIVE_BIAS, Parameter.NO_LAYER, List.of(32L, 4L)));
        assertThat(table.name()).isEqualTo("relativeBias");
        assertThat(parameters).hasSize(plain.parameters().size() + 1);
        assertThat(plain.relativeBias()).isEmpty();
        for (DecoderConfig changed : List.of(
                biased.with(AttentionKind.ofWindows(List.of(3, 0))),
                biased.with(new AttentionShape(4, 1, 6, true, 1)),
                biased.with(new FeedForwardShape(FeedForwardKind.RELU, 12)),
                biased.with(new NormSettings(1e-6, true, true)),
                biased.with(EmbeddingSettings.plain(true)),
                biased.withDropout(0.5))) {
            assertThat(changed.relativeBias()).contains(RelativeBias.T5);
        }
    }
}
