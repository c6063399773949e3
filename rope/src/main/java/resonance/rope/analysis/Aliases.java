package resonance.rope.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import resonance.rope.NearReturn;
import resonance.rope.Refusal;
import resonance.rope.RopeFrequencies;

/**
 * The distances beyond the trained length at which the fast features nearly return, so that a far token looks like a
 * near one: where accuracy by position has its steps.
 *
 * <p>An alias is a distance whose {@link NearReturn#similarity similarity} is larger than its neighbours', and that is no closer
 * to a stronger alias than half the longest wavelength of the features compared. Every distance is looked at, up to {@link
 * #HORIZON} of them.
 *
 * @param features the features compared, by index; see {@link NearReturn#pairs}
 * @param searchedTo the first distance that was not looked at: the target length, or the trained length and {@link #HORIZON}
 * @param strongest at most {@link #MOST}, the strongest first and of equals the nearest
 */
public record Aliases(List<Integer> features, long searchedTo, List<Alias> strongest) {
    /**
     * One alias.
     *
     * @param distance tokens
     * @param pairs indices of the features that are within an eighth of a turn of their return
     * @param similarity -1 to 1, see {@link NearReturn}
     */
    public record Alias(long distance, List<Integer> pairs, double similarity) {
        public Alias {
            pairs = List.copyOf(pairs);
        }
    }

    /** Most distances that are looked at, which takes a fraction of a second. */
    public static final int HORIZON = 1 << 18;

    /** Most aliases that are told. */
    public static final int MOST = 8;

    public Aliases {
        features = List.copyOf(features);
        strongest = List.copyOf(strongest);
    }

    /**
     * The aliases in the distances from the trained length to the last before the target length.
     *
     * @param trainedLength L, tokens
     * @param targetLength L', tokens, at least the trained length and at most 2^53
     */
    public static Aliases of(RopeFrequencies frequencies, int trainedLength, long targetLength) {
        if (targetLength < trainedLength || targetLength > RopeFrequencies.LARGEST_POSITION) {
            throw Refusal.was(
                    "targetLength", "must be from {trainedLength} (" + trainedLength + ") to 2^53", targetLength);
        }
        NearReturn fast = NearReturn.of(frequencies, trainedLength);
        int distances = fast.pairs().isEmpty() ? 0 : (int) Math.min(HORIZON, targetLength - trainedLength);
        double[] similarities = IntStream.range(0, distances)
                .mapToDouble(i -> fast.similarity((long) trainedLength + i))
                .toArray();
        double longest =
                fast.pairs().stream().mapToDouble(frequencies::wavelength).max().orElse(0);
        List<Alias> strongest = peaks(similarities, (int) Math.ceil(longest / 2)).stream()
                .map(i -> alias(fast, (long) trainedLength + i))
                .toList();
        return new Aliases(fast.pairs(), Math.min(targetLength, (long) trainedLength + HORIZON), strongest);
    }

    private static Alias alias(NearReturn fast, long distance) {
        return new Alias(distance, fast.returning(distance), fast.similarity(distance));
    }

    /** The strongest places above their neighbours, each at least {@code reach} from all stronger ones. */
    private static List<Integer> peaks(double[] similarities, int reach) {
        List<Integer> candidates = new ArrayList<>();
        for (int i = 0; i < similarities.length; i++) {
            boolean overLeft = i == 0 || similarities[i] > similarities[i - 1];
            boolean overRight = i == similarities.length - 1 || similarities[i] >= similarities[i + 1];
            if (overLeft && overRight) {
                candidates.add(i);
            }
        }
        candidates.sort(Comparator.comparingDouble((Integer i) -> -similarities[i]));
        List<Integer> peaks = new ArrayList<>();
        for (int candidate : candidates) {
            if (peaks.size() < MOST && peaks.stream().noneMatch(peak -> Math.abs(peak - candidate) < reach)) {
                peaks.add(candidate);
            }
        }
        return peaks;
    }
}
