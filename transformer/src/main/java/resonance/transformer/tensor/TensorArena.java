package resonance.transformer.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Owns native tensors that outlive a {@link PointerScope}, and frees them all when it is closed.
 *
 * <p>A tensor made inside a scope dies with it unless an arena {@linkplain #keep keeps} it. Closing the arena releases
 * the arena's references; views keep their storage alive as long as they live themselves. Not thread safe.
 */
public final class TensorArena implements AutoCloseable {
    private final ComputeDevice device;
    private final List<Pointer> kept = new ArrayList<>();

    public TensorArena(ComputeDevice device) {
        LibTorch.load(); // before the first native object is made
        this.device = device;
    }

    public ComputeDevice device() {
        return device;
    }

    /** Keeps a tensor (or a view) alive until the arena is closed. */
    public Tensor keep(Tensor tensor) {
        tensor.retainReference();
        kept.add(tensor);
        return tensor;
    }

    /** A number for operators, made once. */
    public Scalar scalar(double value) {
        Scalar scalar = new Scalar(value);
        scalar.retainReference();
        kept.add(scalar);
        return scalar;
    }

    /** What operators take in the place of a tensor that they can do without, made once. */
    public TensorOptional none() {
        TensorOptional none = new TensorOptional();
        none.retainReference();
        kept.add(none);
        return none;
    }

    /** An uninitialised tensor of the given type and shape. */
    public Tensor empty(ScalarType type, long... shape) {
        try (PointerScope scope = new PointerScope()) {
            TensorOptions options = new TensorOptions(type).device(new DeviceOptional(device.device()));
            return keep(torch.empty(shape, options, new MemoryFormatOptional(torch.MemoryFormat.Contiguous)));
        }
    }

    /** A tensor of zeros. */
    public Tensor zeros(ScalarType type, long... shape) {
        try (PointerScope scope = new PointerScope()) {
            Tensor tensor = empty(type, shape);
            tensor.zero_();
            return tensor;
        }
    }

    /** An uninitialised float32 tensor. */
    public Tensor floats(long... shape) {
        return empty(ScalarType.Float, shape);
    }

    @Override
    public void close() {
        for (Pointer pointer : kept) {
            pointer.releaseReference();
        }
        kept.clear();
    }
}
