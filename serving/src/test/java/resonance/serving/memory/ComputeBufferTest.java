package resonance.serving.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.decoder.NormSettings;

/** Beside what llama.cpp 0.5.0 printed, in MiB, for contexts of so many tokens. */
class ComputeBufferTest {
    private static final double MIB = 1 << 20;

    private static double mebibytes(DecoderConfig decoder, long tokens, String flash) {
        return new ComputeBuffer(decoder).bytes(tokens, flash.equals("on")) / MIB;
    }

    @ParameterizedTest
    @CsvSource({
        "256, on, 49.13",
        "256, off, 49.13",
        "1000, off, 98.25",
        "2048, on, 102.51",
        "2048, off, 99.38",
        "8192, on, 98.25",
        "8192, off, 166.38",
        "32768, on, 98.25",
        "32768, off, 646.38",
    })
    void smolLm2(long tokens, String flash, double printed) {
        DecoderConfig smolLm2 = DecoderConfig.llamaStyle(49_152, 576, 30, 9, 3, 64, 1536, 1e-5, true);
        assertThat(mebibytes(smolLm2, tokens, flash)).isCloseTo(printed, withinPercentage(5));
    }

    /** Random models of llama, qwen2 and qwen3, in which another moment is the largest. */
    @ParameterizedTest
    @CsvSource({
        // V, D, H, K, S, F, tokens, flash attention
        "1000, 576, 9, 3, 64, 1536, 2048, on, 15.51",
        "1000, 576, 9, 3, 64, 1536, 32768, on, 45.51",
        "1000, 576, 9, 3, 64, 1536, 512, off, 16.38",
        "1000, 576, 9, 3, 64, 1536, 32768, off, 646.38",
        "32000, 2048, 32, 8, 64, 8192, 2048, on, 70.50",
        "32000, 2048, 32, 8, 64, 8192, 8192, on, 72.01",
        "32000, 2048, 32, 8, 64, 8192, 512, off, 70.50",
        "32000, 2048, 32, 8, 64, 8192, 8192, off, 550.01",
        "128256, 512, 8, 8, 64, 1024, 32768, on, 252.50",
        "128256, 512, 8, 8, 64, 1024, 32768, off, 583.01",
        "8000, 896, 14, 2, 64, 4864, 2048, on, 37.51",
        "8000, 896, 14, 2, 64, 4864, 512, off, 37.01",
        "8000, 896, 14, 2, 64, 4864, 2048, off, 69.26",
        "20000, 1024, 16, 8, 128, 3072, 32768, on, 58.01",
        "20000, 1024, 16, 8, 128, 3072, 2048, off, 86.01",
        "1000, 256, 4, 4, 64, 16384, 8192, on, 106.01",
        "1000, 256, 4, 4, 64, 16384, 8192, off, 114.51",
        "1000, 256, 4, 4, 64, 16384, 32768, off, 323.51",
    })
    void othersWithinAFewPerCent(
            int vocabulary,
            int width,
            int heads,
            int keyValueHeads,
            int headSize,
            int feedForward,
            long tokens,
            String flash,
            double printed) {
        DecoderConfig decoder =
                DecoderConfig.llamaStyle(vocabulary, width, 3, heads, keyValueHeads, headSize, feedForward, 1e-5, true);
        assertThat(mebibytes(decoder, tokens, flash)).isCloseTo(printed, withinPercentage(5));
    }

    /** Five layers with a window of 512 for one without. */
    @ParameterizedTest
    @CsvSource({
        "512, on, 61.10",
        "512, off, 62.35",
        "8192, on, 61.10",
        "8192, off, 89.26",
        "32768, on, 61.10",
        "32768, off, 329.26",
    })
    void gemma3(long tokens, String flash, double printed) {
        List<Integer> windows = new ArrayList<>(Collections.nCopies(5, 512));
        windows.add(0);
        DecoderConfig gemma = DecoderConfig.llamaStyle(30_000, 640, 6, 4, 1, 256, 2048, 1e-6, true)
                .with(AttentionKind.ofWindows(windows))
                .with(new NormSettings(1e-6, true, true));
        assertThat(mebibytes(gemma, tokens, flash)).isCloseTo(printed, withinPercentage(5));
    }

    /** Among the worst of 608 random settings: small vocabularies, and feed-forwards of twice the width. */
    @ParameterizedTest
    @CsvSource({
        "9270, 1024, 8, 2, 64, 2048, 512, on, 29.62",
        "43530, 1792, 7, 1, 256, 3584, 32768, on, 116.52",
        "2879, 1024, 8, 2, 128, 2048, 512, on, 18.51",
    })
    void unusualShapesWithinTheErrorThatIsTold(
            int vocabulary,
            int width,
            int heads,
            int keyValueHeads,
            int headSize,
            int feedForward,
            long tokens,
            String flash,
            double printed) {
        DecoderConfig decoder =
                DecoderConfig.llamaStyle(vocabulary, width, 3, heads, keyValueHeads, headSize, feedForward, 1e-5, true);
        double error = 100 * Math.abs(mebibytes(decoder, tokens, flash) / printed - 1);
        assertThat(error).isBetween(7.0, (double) new ComputeBuffer(decoder).errorPercent());
        assertThat(new ComputeBuffer(DecoderConfig.llamaStyle(49_152, 576, 30, 9, 3, 64, 1536, 1e-5, true))
                        .errorPercent())
                .isEqualTo(7);
    }

    @Test
    void aShorterContextThanAPassTakesLess() {
        DecoderConfig decoder = DecoderConfig.llamaStyle(1_000, 64, 2, 2, 2, 32, 64, 1e-5, true);
        ComputeBuffer buffer = new ComputeBuffer(decoder);
        assertThat(buffer.bytes(1, true)).isEqualTo(buffer.bytes(256, true)).isLessThan(buffer.bytes(257, true));
    }
}
