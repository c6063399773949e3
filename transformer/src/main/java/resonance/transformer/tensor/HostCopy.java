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
        try (PointerScope scope = new PointerScope()) {
            tensor.view(-1).copy_(torch.from_blob(new FloatPointer(values), new long[] {values.length}));
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
