package resonance.transformer;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A decoder's parameters in native memory: what a {@link Trainer} changes and a {@link DecoderEvaluator} runs.
 *
 * <p>Owns its memory; close it when it is no longer used, after everything that uses it. Position encoding is not part
 * of it: it is given where the decoder is run, so that a model trained with one encoding can be run with another. Not
 * thread safe.
 */
public final class Decoder implements AutoCloseable {
    final Tensor flat; // (P) float32
    final TensorArena arena;

    private final DecoderConfig config;
    private final ParameterLayout layout;

    private Decoder(DecoderConfig config, ComputeDevice device, float[] values) {
        device.requireAvailable();
        if (!config.trainable()) {
            throw new IllegalArgumentException(
                    "config must be without q/k norm, post norms, embedding scale and sliding"
                            + " windows, which can't be trained, was " + config
                            + "; load it as a FrozenDecoder to run it");
        }
        this.config = config;
        this.layout = new ParameterLayout(config);
        this.arena = new TensorArena(device);
        this.flat = arena.floats(layout.size());
        setParameters(values);
    }

    /** A new decoder with parameters drawn from a seed. */
    public static Decoder initialise(
            DecoderConfig config, Initialisation initialisation, long seed, ComputeDevice device) {
        return new Decoder(config, device, initialisation.draw(config, new ParameterLayout(config), seed));
    }

    /**
     * A decoder with the given parameters, flat in the order of {@link ParameterLayout}.
     *
     * @throws IllegalArgumentException if there are not as many values as parameters
     */
    public static Decoder of(DecoderConfig config, float[] parameters, ComputeDevice device) {
        return new Decoder(config, device, parameters);
    }

    public DecoderConfig config() {
        return config;
    }

    public ParameterLayout layout() {
        return layout;
    }

    public ComputeDevice device() {
        return arena.device();
    }

    /** A copy of all parameters, flat in the order of the layout. */
    public float[] parameters() {
        return copyOut(flat);
    }

    /** The parameters as they are now, for a {@link FrozenDecoder}; later changes do not reach the source. */
    public WeightSource weights() {
        float[] values = parameters();
        return (name, firstElement, count, target, offset) ->
                System.arraycopy(values, (int) (layout.entry(name).offset() + firstElement), target, offset, count);
    }

    /**
     * Overwrites all parameters.
     *
     * @param values flat, in the order of the layout
     */
    public void setParameters(float[] values) {
        copyIn(flat, values);
    }

    static float[] copyOut(Tensor vector) {
        try (PointerScope scope = new PointerScope()) {
            float[] values = new float[Math.toIntExact(vector.numel())];
            new FloatPointer(vector.cpu().contiguous().data_ptr()).get(values);
            return values;
        }
    }

    static void copyIn(Tensor vector, float[] values) {
        if (values.length != vector.numel()) {
            throw new IllegalArgumentException(
                    "parameters must have " + vector.numel() + " elements, had " + values.length);
        }
        try (PointerScope scope = new PointerScope()) {
            vector.copy_(torch.from_blob(new FloatPointer(values), new long[] {values.length}));
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
