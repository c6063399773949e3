package resonance.serving.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.serving.lint.Engine;

class KeyValueCacheTest {
    /** SmolLM2-135M's shape. */
    private static final DecoderConfig SMOLLM2 = DecoderConfig.llamaStyle(49_152, 576, 30, 9, 3, 64, 1536, 1e-5, true);

    private static final long MIB = 1 << 20;

    /** What llama.cpp 0.5.0 printed as its KV buffer for SmolLM2-135M at a context of 1,000, in MiB. */
    @ParameterizedTest
    @CsvSource({
        "F32, 45.00",
        "F16, 22.50",
        "BF16, 22.50",
        "Q8_0, 11.95",
        "Q5_1, 8.44",
        "Q5_0, 7.73",
        "Q4_1, 7.03",
        "Q4_0, 6.33"
    })
    void isWhatLlamaCppPrints(CacheType type, double mebibytes) {
        long bytes = new KeyValueCache(SMOLLM2).bytes(Engine.LLAMA_CPP, type, 1_000);
        assertThat(Math.round(100.0 * bytes / MIB) / 100.0).isEqualTo(mebibytes);
    }

    @Test
    void transformersKeepsTheTextsOwnTokens() {
        assertThat(new KeyValueCache(SMOLLM2).bytes(Engine.TRANSFORMERS_5, CacheType.BF16, 1_000))
                .isEqualTo(2L * 30 * 192 * 2 * 1_000);
    }

    @Test
    void layersWithAWindowKeepItAlone() {
        List<Integer> windows = new ArrayList<>(Collections.nCopies(29, 512));
        windows.add(0);
        KeyValueCache cache = new KeyValueCache(SMOLLM2.with(AttentionKind.ofWindows(windows)));
        long cell = 2L * 192 * 2;
        assertThat(cache.bytes(Engine.LLAMA_CPP, CacheType.F16, 32_768)).isEqualTo(cell * (29 * 1_024 + 32_768));
        assertThat(cache.bytes(Engine.LLAMA_CPP, CacheType.F16, 300)).isEqualTo(cell * 30 * 512);
        assertThat(cache.bytes(Engine.TRANSFORMERS_5, CacheType.F16, 32_768)).isEqualTo(cell * (29 * 511 + 32_768));
        assertThat(cache.bytes(Engine.TRANSFORMERS_5, CacheType.F16, 300)).isEqualTo(cell * 30 * 300);
    }

    /** What it printed for six layers, five with a window of 512, one key head of 256: the sum of its two buffers, in MiB. */
    @ParameterizedTest
    @CsvSource({"512, 3.00", "2048, 7.00", "8192, 13.00", "32768, 37.00"})
    void isWhatLlamaCppPrintsWithWindows(long tokens, double mebibytes) {
        List<Integer> windows = new ArrayList<>(Collections.nCopies(5, 512));
        windows.add(0);
        DecoderConfig decoder = DecoderConfig.llamaStyle(30_000, 640, 6, 4, 1, 256, 2048, 1e-6, true)
                .with(AttentionKind.ofWindows(windows));
        assertThat(new KeyValueCache(decoder).bytes(Engine.LLAMA_CPP, CacheType.F16, tokens) / (double) MIB)
                .isEqualTo(mebibytes);
    }

    /** 2 x 16 tokens x 192 features x bytes a block and layer. */
    @ParameterizedTest
    @CsvSource({"BF16, 1, 1, 2", "F16, 16, 1, 2", "FP8, 17, 2, 1", "F32, 1000, 63, 4", "FP8, 32768, 2048, 1"})
    void vllmKeepsWholeBlocks(CacheType type, long tokens, long blocks, long bytes) {
        assertThat(new KeyValueCache(SMOLLM2).bytes(Engine.VLLM, type, tokens))
                .isEqualTo(30 * blocks * 2 * 16 * 192 * bytes);
    }

    /** As Gemma 3 of 1B has it, 22 layers with a window and 4 without: seven groups of four, of which six have the window. */
    @Test
    void vllmPadsKindsOfLayersToGroupsOfOneSize() {
        KeyValueCache cache = ofWindows(22, 512, 4);
        long block = 2 * 16 * 192 * 2;
        // 511 and twice 2,048 tokens take 288 blocks, and one more, since a window may begin within a block.
        assertThat(cache.bytes(Engine.VLLM, CacheType.BF16, 32_768)).isEqualTo(block * 4 * (6 * 289 + 2_048));
        assertThat(cache.bytes(Engine.VLLM, CacheType.BF16, 300)).isEqualTo(block * 4 * (6 * 20 + 19));
        // Twelve and thirteen become thirteen each.
        assertThat(ofWindows(12, 512, 13).bytes(Engine.VLLM, CacheType.BF16, 32_768))
                .isEqualTo(block * 13 * (289 + 2_048));
        // With a window everywhere there is one group.
        assertThat(ofWindows(26, 512, 0).bytes(Engine.VLLM, CacheType.BF16, 32_768))
                .isEqualTo(block * 26 * 289);
    }

    private static KeyValueCache ofWindows(int sliding, int window, int full) {
        List<Integer> windows = new ArrayList<>(Collections.nCopies(sliding, window));
        windows.addAll(Collections.nCopies(full, 0));
        return new KeyValueCache(SMOLLM2.with(AttentionKind.ofWindows(windows)));
    }

    @Test
    void eightBitFloatsAreVllmsAlone() {
        KeyValueCache cache = new KeyValueCache(SMOLLM2);
        assertThat(cache.types(Engine.VLLM))
                .containsExactly(CacheType.F32, CacheType.F16, CacheType.BF16, CacheType.FP8);
        assertThat(cache.types(Engine.LLAMA_CPP)).doesNotContain(CacheType.FP8);
        assertThat(cache.types(Engine.TRANSFORMERS_5)).doesNotContain(CacheType.FP8);
    }

    @Test
    void quantisedBlocksMustFitIntoAHead() {
        KeyValueCache cache = new KeyValueCache(DecoderConfig.llamaStyle(10, 96, 1, 2, 2, 48, 8, 1e-5, true));
        assertThat(cache.types(Engine.LLAMA_CPP)).containsExactly(CacheType.F32, CacheType.F16, CacheType.BF16);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.bytes(Engine.LLAMA_CPP, CacheType.Q8_0, 1))
                .withMessage("type must be one of [f32, f16, bf16] for heads of 48 in llama.cpp-0.5, was q8_0");
    }

    @Test
    void anEngineWhoseRulesAreNotKnownIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyValueCache(SMOLLM2).bytes(Engine.JLAMA, CacheType.F16, 1))
                .withMessage("engine must be one of [llama.cpp-0.5, transformers-5.18, vllm-0.33], was jlama-0.9");
    }
}
