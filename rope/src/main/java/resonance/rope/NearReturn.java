package resonance.rope;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How nearly the fast pairs are back where they were after a number of tokens.
 *
 * <p>Attention tells near tokens apart by its fast pairs. At a distance beyond the trained length at which they nearly return,
 * a token looks like one that is near, and is taken for it: an alias. The faster a pair, the better it tells neighbours apart, so
 * it counts by its frequency:
 *
 * <pre>
 *   s(delta) = sum over F of theta_j * cos(delta * theta_j)  /  sum over F of theta_j
 *   F        = the pairs that turn at least twice within the trained length, and at least 1/20 as fast as the fastest </pre>
 *
 * <p>s is from -1 to 1, and 1 where all pairs of F have returned. The pairs that are too slow for F would weigh less than a
 * twentieth of the fastest each. A token at position l, whose query looks d0 tokens back, meets the alias of d0 at distance delta +
 * d0: accuracy falls d0 tokens after delta.
 *
 * <p>Ours. Of the measures tried (means over the n fastest pairs, over the best k of them, smooth maxima over any k, weights by powers
 * of the frequency) this is the simplest of those that agree best with where PosGen's models of 64 trained tokens fall; {@code
 * benchmarks/alias-objectives} sets them side by side. For other head sizes and lengths it is an assumption.
 */
public final class NearReturn {
    private static final double LEAST_TURNS = 2;
    private static final double SLOWEST = 0.05;

    /** A pair has returned if it is within an eighth of a turn. */
    private static final double RETURNED = Math.cos(Math.PI / 4);

    /** Tokens back that a query may look; PosGen's rules need the last four. */
    private static final int NEAR = 4;

    private final RopeFrequencies frequencies;
    private final int[] pairs;

    private NearReturn(RopeFrequencies frequencies, int[] pairs) {
        this.frequencies = requireNonNull(frequencies, "frequencies must not be null");
        this.pairs = pairs;
    }

    /**
     * Of the fast pairs of these frequencies.
     *
     * @param trainedLength tokens
     */
    public static NearReturn of(RopeFrequencies frequencies, int trainedLength) {
        double fastest = Arrays.stream(frequencies.radiansPerToken()).max().orElseThrow();
        return new NearReturn(
                frequencies,
                IntStream.range(0, frequencies.pairs())
                        .filter(pair -> LEAST_TURNS * frequencies.wavelength(pair) <= trainedLength)
                        .filter(pair -> frequencies.radiansPerToken(pair) >= SLOWEST * fastest)
                        .toArray());
    }

    /** F, the pairs that are compared, by index; empty if none turns twice within the trained length. */
    public List<Integer> pairs() {
        return Arrays.stream(pairs).boxed().toList();
    }

    /** s, from -1 to 1, of a distance from 0 to 2^53; -1 if there are no pairs. */
    public double similarity(long distance) {
        double sum = 0;
        double weights = 0;
        for (int pair : pairs) {
            sum += frequencies.radiansPerToken(pair) * Math.cos(frequencies.angle(pair, distance));
            weights += frequencies.radiansPerToken(pair);
        }
        return weights == 0 ? -1 : sum / weights;
    }

    /**
     * How strong an alias the last token of a text meets: the largest s of the distances 1 to 4 tokens short of its position,
     * since the far token that looks like the one d0 tokens back is that much farther away.
     *
     * @param position of the last token, from 4 to 2^53
     */
    public double aliasAt(long position) {
        double strongest = -1;
        for (int back = 1; back <= NEAR; back++) {
            strongest = Math.max(strongest, similarity(position - back));
        }
        return strongest;
    }

    /** The pairs compared that are within an eighth of a turn of their return after a distance, by index. */
    public List<Integer> returning(long distance) {
        return Arrays.stream(pairs)
                .filter(pair -> Math.cos(frequencies.angle(pair, distance)) >= RETURNED)
                .boxed()
                .toList();
    }
}
