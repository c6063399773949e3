package resonance.transformer;

import resonance.rope.LayerFrequencies;

/** Rotary tables of the two kinds of layers, for positions up to a given one. */
final class LayerRotary implements AutoCloseable {
    private final LayerFrequencies frequencies;
    private final RotaryTensors full;
    private final RotaryTensors sliding;
    private final DecoderConfig config;

    LayerRotary(DecoderConfig config, LayerFrequencies frequencies, int positions) {
        this.config = config;
        this.frequencies = frequencies;
        double scale = config.attentionLogitScale();
        full = new RotaryTensors(frequencies.full(), positions, scale, ComputeDevice.CPU);
        sliding = frequencies.sliding().equals(frequencies.full())
                ? full
                : new RotaryTensors(frequencies.sliding(), positions, scale, ComputeDevice.CPU);
    }

    RotaryTensors of(int layer) {
        return config.slidingWindows().get(layer) == 0 ? full : sliding;
    }

    /** Whether these are the tables of an encoding, and long enough. */
    boolean serves(LayerFrequencies wanted, int positions) {
        return full.positions >= positions && frequencies.equals(wanted);
    }

    @Override
    public void close() {
        full.close();
        if (sliding != full) {
            sliding.close();
        }
    }
}
