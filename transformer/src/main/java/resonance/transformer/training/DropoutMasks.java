package resonance.transformer.training;

import java.nio.IntBuffer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import resonance.transformer.tensor.ComputeDevice;

/**
 * Fills dropout masks: every element is 0 with probability p and otherwise a given value, independently.
 *
 * <p>LibTorch's own masks come from one serial Mersenne Twister, about 6 ns an element; that is 40 % of a bfloat16 training
 * step at the paper's size. Here {@value #LANES} generators of Marsaglia's xorshift128 (2003) run side by side in loops
 * the Java compiler vectorises, and each 32-bit draw decides two elements at a resolution of 2^-15: p = 0.1 becomes
 * 3277/32768 = 0.10001, and {@link #keptScale} is the inverse of the probability really used, so the expectation is
 * kept. The lanes are seeded with SplitMix64 from a key, so a mask depends on its key alone and not on which thread
 * makes it or when. On a GPU the masks are LibTorch's, from its generator seeded with the key.
 */
final class DropoutMasks {
    static final int LANES = 1024;

    private final int threshold;
    private final int[] x = new int[LANES];
    private final int[] y = new int[LANES];
    private final int[] z = new int[LANES];
    private final int[] w = new int[LANES];
    private final int[] words = new int[2 * LANES];

    private final ComputeDevice device;

    DropoutMasks(double probability, ComputeDevice device) {
        this.device = device;
        this.threshold = (int) Math.rint(probability * (1 << 15));
    }

    /** 1 / (1 - p), with p as rounded to a multiple of 2^-15. */
    float keptScale() {
        return (float) (32768.0 / (32768 - threshold));
    }

    /** Starts the sequence of masks that belongs to a key. */
    void seed(long key) {
        if (device != ComputeDevice.CPU) {
            torch.manual_seed(key);
            return;
        }
        long state = key;
        for (int i = 0; i < LANES; i++) {
            long first = splitMix64(state += 0x9E3779B97F4A7C15L);
            long second = splitMix64(state += 0x9E3779B97F4A7C15L);
            x[i] = (int) first;
            y[i] = (int) (first >>> 32);
            z[i] = (int) second;
            w[i] = (int) (second >>> 32) | 1; // the all-zero state is the one xorshift can't leave
        }
    }

    /** Fills a contiguous tensor: 0 or {@code kept}. The tensor is float32 or bfloat16, on the device. */
    void fill(Tensor mask, float kept) {
        if (device != ComputeDevice.CPU) {
            try (PointerScope scope = new PointerScope()) {
                mask.bernoulli_(1 - threshold / 32768.0, new GeneratorOptional());
                mask.mul_(new Scalar(kept));
            }
            return;
        }
        boolean wide = mask.element_size() == Float.BYTES;
        long words32 = wide ? mask.numel() : (mask.numel() + 1) / 2;
        if (!wide && mask.numel() % 2 != 0) {
            throw new IllegalArgumentException(
                    "a bfloat16 mask must have an even number of elements, was " + mask.numel());
        }
        int bits = Float.floatToRawIntBits(kept);
        try (PointerScope scope = new PointerScope()) {
            IntBuffer target = new IntPointer(mask.data_ptr()).capacity(words32).asBuffer();
            for (long done = 0; done < words32; ) {
                int produced;
                if (wide) {
                    nextFloats(bits);
                    produced = 2 * LANES;
                } else {
                    nextBfloats(bits >>> 16);
                    produced = LANES;
                }
                int count = (int) Math.min(produced, words32 - done);
                target.put(words, 0, count);
                done += count;
            }
        }
    }

    private void advance() {
        for (int i = 0; i < LANES; i++) {
            int t = x[i] ^ (x[i] << 11);
            int last = w[i];
            x[i] = y[i];
            y[i] = z[i];
            z[i] = last;
            w[i] = last ^ (last >>> 19) ^ t ^ (t >>> 8);
        }
    }

    private void nextFloats(int bits) {
        advance();
        for (int i = 0; i < LANES; i++) {
            words[i] = ~(((w[i] & 0x7FFF) - threshold) >> 31) & bits;
        }
        for (int i = 0; i < LANES; i++) {
            words[i + LANES] = ~(((w[i] >>> 17) - threshold) >> 31) & bits;
        }
    }

    private void nextBfloats(int bits) {
        advance();
        int high = bits << 16;
        for (int i = 0; i < LANES; i++) {
            int draw = w[i];
            words[i] = (~(((draw & 0x7FFF) - threshold) >> 31) & bits) | (~(((draw >>> 17) - threshold) >> 31) & high);
        }
    }

    private static long splitMix64(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
