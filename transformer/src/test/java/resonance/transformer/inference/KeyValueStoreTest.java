package resonance.transformer.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.TensorArena;

class KeyValueStoreTest {
    private static final int HEAD_SIZE = 4;
    private static final DecoderConfig CONFIG = DecoderConfig.llamaStyle(11, 16, 2, 2, 1, HEAD_SIZE, 24, 1e-5, false);

    @Test
    void normsOfKeysThatAreForgottenDoNotCountAnyMore() {
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            KeyValueStore store = store(arena);
            fill(store, 0, 3, 1);
            fill(store, 3, 2, 5);
            assertThat(store.largestKey(1, 0)).isEqualTo(10); // the norm of four fives

            store.forgetNormsFrom(4);
            assertThat(store.largestKey(1, 0)).isEqualTo(10);
            store.forgetNormsFrom(3);
            assertThat(store.largestKey(1, 0)).isEqualTo(2);
            store.forgetNormsFrom(0);
            assertThat(store.largestKey(1, 0)).isZero();
        }
    }

    @Test
    void textsReadFromTheirBeginningRememberNoKeysOfOthers() {
        try (TensorArena arena = new TensorArena(ComputeDevice.CPU);
                PointerScope scope = new PointerScope()) {
            KeyValueStore store = store(arena);
            fill(store, 0, 3, 5);

            store.prepare(1, false);
            assertThat(store.largestKey(1, 0)).isEqualTo(10);
            store.prepare(1, true);
            assertThat(store.largestKey(1, 0)).isZero();
        }
    }

    private static KeyValueStore store(TensorArena arena) {
        return new KeyValueStore(CONFIG, Precision.FLOAT32, CONFIG.layers(), 8, false, arena);
    }

    private static void fill(KeyValueStore store, int from, int tokens, double value) {
        store.keys(1).narrow(1, from, tokens).fill_(new Scalar(value));
        store.noteNorms(1, KeyValueStore.largestNorms(store.keys(1).narrow(1, from, tokens)));
    }
}
