package resonance.transformer.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import resonance.decoder.DecoderConfig;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.Parameter;
import resonance.decoder.ParameterLayout;
import resonance.decoder.WeightSource;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.TensorArena;

/**
 * A decoder's parameters in native memory: what a {@link Trainer} changes and a {@link DecoderEvaluator} runs.
 *
 * <p>Its {@link ParameterLayout} says which parameters a trainer changes, by default all, or that it changes adapters instead. Owns its memory; close it when it
 * is no longer used, after everything that uses it. Position encoding is not part of it: it is given where the decoder is
 * run, so that a model trained with one encoding can be run with another. Not thread safe.
 */
public final class Decoder implements AutoCloseable {
    /** Elements read at a time. */
    private static final int CHUNK = 1 << 20;

    final Tensor flat; // (P) float32
    final TensorArena arena;

    private final ParameterLayout layout;

    private Decoder(ParameterLayout layout, ComputeDevice device) {
        device.requireAvailable();
        this.layout = layout;
        this.arena = new TensorArena(device);
        this.flat = arena.floats(layout.size());
    }

    /** A new decoder with parameters drawn from a seed. */
    public static Decoder initialise(
            DecoderConfig config, Initialisation initialisation, long seed, ComputeDevice device) {
        return initialise(new ParameterLayout(config), initialisation, seed, device);
    }

    /** A new decoder with parameters drawn from a seed; which of them are trained does not change their values. */
    public static Decoder initialise(
            ParameterLayout layout, Initialisation initialisation, long seed, ComputeDevice device) {
        Decoder decoder = of(layout, initialisation.draw(layout, seed), device);
        decoder.drawAdapters();
        return decoder;
    }

    /**
     * A decoder with the given parameters, flat in the order of a layout.
     *
     * @throws IllegalArgumentException if there are not as many values as parameters
     */
    public static Decoder of(ParameterLayout layout, float[] parameters, ComputeDevice device) {
        requireSize(layout, parameters);
        Decoder decoder = new Decoder(layout, device);
        decoder.setParameters(parameters);
        return decoder;
    }

    /**
     * A decoder whose parameters are read from a file or from another decoder, a few rows at a time; adapters are new and change
     * nothing yet.
     */
    public static Decoder read(ParameterLayout layout, WeightSource source, ComputeDevice device) {
        Decoder decoder = new Decoder(layout, device);
        boolean read = false;
        try {
            float[] chunk = new float[0];
            for (ParameterLayout.Entry entry : layout.entries()) {
                Parameter parameter = entry.parameter();
                long rowSize = parameter.columns();
                int step = (int) (Math.max(1, CHUNK / rowSize) * rowSize);
                for (long first = 0; first < parameter.size(); first += step) {
                    int count = (int) Math.min(step, parameter.size() - first);
                    chunk = chunk.length < count ? new float[count] : chunk;
                    source.read(parameter, first, count, chunk, 0);
                    HostCopy.into(decoder.flat, entry.offset() + first, chunk, count);
                }
            }
            decoder.drawAdapters();
            read = true;
            return decoder;
        } finally {
            if (!read) {
                decoder.close();
            }
        }
    }

    private void drawAdapters() {
        layout.adapters().ifPresent(adapters -> {
            Random random = new Random(adapters.seed());
            for (LowRankAdapters.Place place : layout.adapterPlaces()) {
                float[] first = new float[Math.toIntExact(place.secondOffset() - place.offset())];
                double bound = 1 / Math.sqrt(place.parameter().columns());
                for (int i = 0; i < first.length; i++) {
                    first[i] = (float) (bound * (2 * random.nextDouble() - 1));
                }
                float[] second = new float[Math.toIntExact(place.end() - place.secondOffset())];
                HostCopy.into(flat, place.offset(), first, first.length);
                HostCopy.into(flat, place.secondOffset(), second, second.length);
            }
        });
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

    /**
     * The decoder's own parameters as they are now, for a {@code FrozenDecoder} or a file, with adapters merged into their matrices;
     * later changes do not reach the source.
     */
    public WeightSource weights() {
        float[] values = parameters();
        return (parameter, firstElement, count, target, offset) -> {
            System.arraycopy(
                    values, Math.toIntExact(layout.entry(parameter).offset() + firstElement), target, offset, count);
            layout.adapterPlace(parameter)
                    .ifPresent(place ->
                            new MergedAdapter(place, scale(), values).add(firstElement, count, target, offset));
        };
    }

    private double scale() {
        return layout.adapters().map(LowRankAdapters::scale).orElse(0.0);
    }

    /**
     * A matrix's adapter, apart from it.
     *
     * @param parameter W (out, in)
     * @param first A, row-major (r, in)
     * @param second B, row-major (out, r); of queries and keys in the order of {@link WeightSource}, interleaved pairs
     */
    @SuppressWarnings("ArrayRecordComponent") // a bundle of large vectors that is handed on, never compared
    public record Adapter(Parameter parameter, float[] first, float[] second) {}

    /** The adapters as they are now, in the order of the layout; none where there are no adapters. */
    public List<Adapter> adapters() {
        List<Adapter> adapters = new ArrayList<>();
        for (LowRankAdapters.Place place : layout.adapterPlaces()) {
            adapters.add(new Adapter(
                    place.parameter(),
                    values(place.offset(), place.secondOffset()),
                    values(place.secondOffset(), place.end())));
        }
        return adapters;
    }

    private float[] values(long from, long to) {
        try (PointerScope scope = new PointerScope()) {
            return HostCopy.of(flat.narrow(0, from, to - from));
        }
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
