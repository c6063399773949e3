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
                .isThrownBy(() -> new KeyValueCache(SMOLLM2).bytes(Engine.VLLM, CacheType.F16, 1))
                .withMessage("engine must be one of [llama.cpp-0.5, transformers-5.18], was vllm-0.33");
    }
}
