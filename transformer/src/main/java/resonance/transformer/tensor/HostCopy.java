package resonance.transformer.tensor;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies between Java arrays and float32 tensors, on whichever device. */
public final class HostCopy {
    /** Elements copied at a time. */
    private static final int CHUNK = 1 << 20;

    private HostCopy() {}

    /** All elements of a tensor, row-major. */
    public static float[] of(Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            float[] values = new float[Math.toIntExact(tensor.numel())];
            new FloatPointer(tensor.cpu().contiguous().data_ptr()).get(values);
            return values;
        }
    }

    /**
     * Overwrites a contiguous tensor.
     *
     * @param values row-major, as many as the tensor has elements
     */
    public static void into(Tensor tensor, float[] values) {
        if (values.length != tensor.numel()) {
            throw new IllegalArgumentException("values must be " + tensor.numel() + " elements, were " + values.length);
        }
        into(tensor, 0, values, values.length);
    }

    /**
     * Overwrites a run of elements of a contiguous tensor, by chunks: the native memory in between stays small.
     *
     * @param first of the elements
     * @param count how many, from the first value on
     */
    public static void into(Tensor tensor, long first, float[] values, int count) {
        for (int from = 0; from < count; from += CHUNK) {
            int size = Math.min(CHUNK, count - from);
            try (PointerScope scope = new PointerScope();
                    FloatPointer host = new FloatPointer(size)) {
                host.put(values, from, size);
                tensor.view(-1).narrow(0, first + from, size).copy_(torch.from_blob(host, new long[] {size}));
            }
        }
    }

    /** A run of token ids as int64 on the CPU, (count); it lives as long as the caller's {@link PointerScope}. */
    public static Tensor ids(int[] tokens, int from, int count) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = tokens[from + i];
        }
        return torch.from_blob(new LongPointer(values), new long[] {count}, new TensorOptions(ScalarType.Long));
    }
}
