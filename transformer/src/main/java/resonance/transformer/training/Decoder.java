package resonance.transformer.training;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.decoder.WeightSource;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.TensorArena;

/**
 * A decoder's parameters in native memory: what a {@link Trainer} changes and a {@link DecoderEvaluator} runs.
 *
 * <p>Its {@link ParameterLayout} says which parameters a trainer changes; by default all. Owns its memory; close it when it
 * is no longer used, after everything that uses it. Position encoding is not part of it: it is given where the decoder is
 * run, so that a model trained with one encoding can be run with another. Not thread safe.
 */
public final class Decoder implements AutoCloseable {
    final Tensor flat; // (P) float32
    final TensorArena arena;

    private final ParameterLayout layout;

    private Decoder(ParameterLayout layout, ComputeDevice device, float[] values) {
        device.requireAvailable();
        requireSize(layout, values);
        this.layout = layout;
        this.arena = new TensorArena(device);
        this.flat = arena.floats(layout.size());
        setParameters(values);
    }

    /** A new decoder with parameters drawn from a seed. */
    public static Decoder initialise(
            DecoderConfig config, Initialisation initialisation, long seed, ComputeDevice device) {
        return initialise(new ParameterLayout(config), initialisation, seed, device);
    }

    /** A new decoder with parameters drawn from a seed; which of them are trained does not change their values. */
    public static Decoder initialise(
            ParameterLayout layout, Initialisation initialisation, long seed, ComputeDevice device) {
        return new Decoder(layout, device, initialisation.draw(layout, seed));
    }

    /**
     * A decoder with the given parameters, flat in the order of a layout.
     *
     * @throws IllegalArgumentException if there are not as many values as parameters
     */
    public static Decoder of(ParameterLayout layout, float[] parameters, ComputeDevice device) {
        return new Decoder(layout, device, parameters);
    }

    /** A decoder whose parameters are read from a file or from another decoder. */
    public static Decoder read(ParameterLayout layout, WeightSource source, ComputeDevice device) {
        float[] values = new float[Math.toIntExact(layout.size())];
        for (ParameterLayout.Entry entry : layout.entries()) {
            Parameter parameter = entry.parameter();
            source.read(parameter, 0, Math.toIntExact(parameter.size()), values, (int) entry.offset());
        }
        return new Decoder(layout, device, values);
    }

    public DecoderConfig config() {
        return layout.config();
    }

    public ParameterLayout layout() {
        return layout;
    }

    public ComputeDevice device() {
        return arena.device();
    }

    /** A copy of all parameters, flat in the order of the layout. */
    public float[] parameters() {
        return HostCopy.of(flat);
    }

    /** The parameters as they are now, for a {@code FrozenDecoder}; later changes do not reach the source. */
    public WeightSource weights() {
        float[] values = parameters();
        return (parameter, firstElement, count, target, offset) -> System.arraycopy(
                values, (int) (layout.entry(parameter).offset() + firstElement), target, offset, count);
    }

    /**
     * Overwrites all parameters.
     *
     * @param values flat, in the order of the layout
     */
    public void setParameters(float[] values) {
        requireSize(layout, values);
        HostCopy.into(flat, values);
    }

    /** The trained parameters alone, flat. */
    float[] trainedParameters() {
        return Arrays.copyOf(parameters(), Math.toIntExact(layout.trainedSize()));
    }

    private static void requireSize(ParameterLayout layout, float[] values) {
        if (values.length != layout.size()) {
            throw new IllegalArgumentException(
                    "parameters must have " + layout.size() + " elements, had " + values.length);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
