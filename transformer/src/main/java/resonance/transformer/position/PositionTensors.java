package resonance.transformer.position;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.rope.PositionRemap;
import resonance.rope.RopeFrequencies;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.HostCopy;
import resonance.transformer.tensor.TensorArena;

/** An encoding's tables for a decoder and the positions 0 … T−1. Owns native memory. */
public final class PositionTensors implements AutoCloseable {
    private final PositionEncoding encoding;
    private final int positions;
    private final TensorArena arena;
    private final @Nullable Tensor input; // (T, D)
    private final List<RotaryTensors> rotations = new ArrayList<>(); // of each layer
    private final List<Optional<FarTensors>> far = new ArrayList<>(); // of each layer
    private final float @Nullable [] biases; // (H, T)
    private final @Nullable Tensor biasesByDistance; // (H, 2 T − 1): of distances from 1 − T to T − 1; 0 below 0

    /**
     * The rotations of queries and keys that are far from each other.
     *
     * @param rotation of both
     * @param window distances from this one on are far
     */
    public record FarTensors(RotaryTensors rotation, int window) {}

    /** What tables are made of. */
    private record Distinct(RopeFrequencies frequencies, Optional<PositionRemap> remap, boolean far) {}

    /** @throws IllegalArgumentException if the encoding is for another head size or gives too few or too many numbers */
    public PositionTensors(PositionEncoding encoding, DecoderConfig config, int positions, ComputeDevice device) {
        requireFits(encoding, config);
        this.encoding = encoding;
        this.positions = positions;
        arena = new TensorArena(device);
        Map<Distinct, RotaryTensors> distinct = new LinkedHashMap<>();
        double logitScale = config.attention().logitScale();
        for (AttentionKind kind : config.attentionKinds()) {
            RopeFrequencies frequencies = rotation(encoding, kind, config);
            Optional<PositionRemap> remap = encoding.remap(kind);
            rotations.add(distinct.computeIfAbsent(
                    new Distinct(frequencies, remap, false),
                    wanted -> remap.map(
                                    given -> RotaryTensors.of(frequencies, given, false, positions, logitScale, arena))
                            .orElseGet(() -> RotaryTensors.of(frequencies, positions, logitScale, arena))));
            far.add(remap.map(given -> new FarTensors(
                    distinct.computeIfAbsent(
                            new Distinct(frequencies, remap, true),
                            wanted -> RotaryTensors.of(frequencies, given, true, positions, logitScale, arena)),
                    given.window())));
        }
        float[] added = encoding.input(positions, config.width()).orElse(null);
        input = added == null ? null : arena.floats(positions, config.width());
        if (added != null && input != null) {
            HostCopy.into(input, added);
        }
        int heads = config.attention().heads();
        biases = encoding.scoreBias(heads, positions).orElse(null);
        biasesByDistance = biases == null ? null : arena.floats(heads, 2L * positions - 1);
        if (biases != null && biasesByDistance != null) {
            float[] both = new float[heads * (2 * positions - 1)];
            for (int head = 0; head < heads; head++) {
                System.arraycopy(biases, head * positions, both, head * (2 * positions - 1) + positions - 1, positions);
            }
            HostCopy.into(biasesByDistance, both);
        }
    }

    /**
     * Checks that an encoding can be used with a decoder.
     *
     * @throws IllegalArgumentException if it is for another head size, or biases the scores that linear attention has none of
     */
    public static void requireFits(PositionEncoding encoding, DecoderConfig config) {
        if (config.attentionKinds().contains(AttentionKind.LINEAR)
                && encoding.scoreBias(1, 1).isPresent()) {
            throw new IllegalArgumentException(
                    "the encoding must be one without a bias on the scores, which linear attention does not have, was "
                            + encoding);
        }
        int half = config.attention().headSize() / 2;
        for (AttentionKind kind : config.attentionKinds()) {
            int pairs = rotation(encoding, kind, config).pairs();
            if (pairs != half) {
                throw new IllegalArgumentException(
                        "the encoding's pairs must be half the decoder's headSize (" + half + "), were " + pairs);
            }
        }
    }

    /** Where there is none, pairs that stand still: they leave queries and keys as they are, to the bit. */
    private static RopeFrequencies rotation(PositionEncoding encoding, AttentionKind kind, DecoderConfig config) {
        return encoding.rotation(kind)
                .orElseGet(
                        () -> RopeFrequencies.of(new double[config.attention().headSize() / 2], 1));
    }

    /** Whether these are the tables of an encoding, and long enough. */
    public boolean serves(PositionEncoding wanted, int wantedPositions) {
        return positions >= wantedPositions && encoding.equals(wanted);
    }

    /** T. */
    public int positions() {
        return positions;
    }

    /** What is added to the embedded tokens, (T, D); null for nothing. */
    public @Nullable Tensor input() {
        return input;
    }

    /** How a layer rotates; the same object for layers that rotate alike. */
    public RotaryTensors rotation(int layer) {
        return rotations.get(layer);
    }

    /** How a layer rotates queries and keys that are far from each other; empty if as it rotates all. */
    public Optional<FarTensors> far(int layer) {
        return far.get(layer);
    }

    /** Whether scores get a bias. */
    public boolean hasScoreBias() {
        return biases != null;
    }

    /**
     * What is added to the scores of a layer's first positions, (1 or H, length, length): the bias, and −∞ where a query (row)
     * may not see a key (column). For linear attention what weights are multiplied by: 1, and 0 there.
     *
     * @param kept owns the result
     */
    public Tensor mask(AttentionKind kind, int length, int heads, TensorArena kept) {
        int rows = biases == null ? 1 : heads;
        float[] mask = new float[rows * length * length];
        boolean linear = kind.equals(AttentionKind.LINEAR);
        Arrays.fill(mask, linear ? 0 : Float.NEGATIVE_INFINITY);
        for (int head = 0; head < rows; head++) {
            for (int query = 0; query < length; query++) {
                int first = kind.window() == 0 ? 0 : Math.max(0, query - kind.window() + 1);
                for (int key = first; key <= query; key++) {
                    float unbiased = linear ? 1 : 0;
                    mask[(head * length + query) * length + key] =
                            biases == null ? unbiased : biases[head * positions + query - key];
                }
            }
        }
        Tensor result = kept.floats(rows, length, length);
        HostCopy.into(result, mask);
        return result;
    }

    /**
     * The biases of a run of queries with a run of keys, (heads, queries, keys); what it has for keys after a query is of no
     * account. Null if there are none.
     */
    public @Nullable Tensor biases(int firstHead, int heads, int firstQuery, int queries, int firstKey, int keys) {
        if (biasesByDistance == null) {
            return null;
        }
        // Along keys, distances fall, and strides can't: the keys are taken from last to first and turned round.
        long width = 2L * positions - 1;
        long nearest = positions - 1L + firstQuery - (firstKey + keys - 1L);
        return torch.as_strided(
                        biasesByDistance,
                        new long[] {heads, queries, keys},
                        new long[] {width, 1, 1},
                        new LongOptional(firstHead * width + nearest))
                .flip(2);
    }

    @Override
    public void close() {
        arena.close();
    }
}
