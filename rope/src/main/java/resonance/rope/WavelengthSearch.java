package resonance.rope;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Periods of the fast pairs whose worst alias up to four times the trained length is as weak as this search finds.
 *
 * <pre>
 *   minimise    max of s(delta) over delta in [L, min(4L, L + 32768))         s as in {@link NearReturn}
 *   over        q_j / p_j for the eight fastest pairs j of F; the others of F have their nearest fraction
 *   with        p_j at most L, so that the pair repeats within the trained length
 *               |(q_j/p_j) * lambda_j - 1| at most 0.06 and at most 0.49 of the way to the next pair's </pre>
 *
 * <p>Of the fractions in that range those nearest to some evenly spaced frequencies are tried, 129 for L up to 128 (nearly all
 * that there are) and 33 from 512 on. From the nearest fractions and 15 to 3 starts drawn from a fixed seed, pairs are changed,
 * alone or two together, until no two improve it. The result depends on nothing but the wavelengths and L: cosines are those of {@link
 * StrictMath}, equal on all machines. It need not be the best set there is.
 *
 * <p>The range of 4L does not follow the scaling's factor, so that a model that is trained unscaled and scaled afterwards keeps
 * the fast pairs that it was trained with. Wavelengths that share many digits share their aliases, so aliases above L can be
 * weakened but not removed.
 */
final class WavelengthSearch {
    /** Largest change of a frequency, relative to it: beyond, a model tells its near tokens apart less well (ours). */
    static final double LARGEST_CHANGE = 0.06;

    /** Trained lengths up to which aliases are weakened. */
    static final int LENGTHS = 4;

    /** Most distances whose alias is looked at. */
    private static final int MOST_DISTANCES = 1 << 15;

    /** Frequencies tried on either side of a pair's own: so many divided by L, within two limits. */
    private static final int TRIED_BY_LENGTH = 8192;

    private static final int LEAST_TRIED = 16;
    private static final int MOST_TRIED = 64;
    private static final double OF_THE_WAY = 0.49; // to the neighbour, so that pairs stay in order
    private static final int MOST_SEARCHED = 8;
    private static final int TRIED_PER_START = 4;
    private static final long SEED = 2403_00071;

    /** Distances that turned candidates down, tried first. */
    private static final int REMEMBERED = 24;

    /** A search takes up to seconds, and the same few encodings are asked for again and again. */
    private static final int MOST_KEPT = 64;

    private static final Map<List<Object>, long[][]> KEPT = new LinkedHashMap<>();

    private final int[] pairs;
    private final NearestFraction[][] candidates;

    /** Frequencies of the candidates, which are their weights, by pair and candidate. */
    private final double[][] weights;

    /** By pair, candidate and distance beyond the trained length: the weight times the cosine. */
    private final double[][][] weighted;

    /** The sum of {@link #weights} and of {@link #weighted} over the pairs of F that are not searched. */
    private double restOfWeights;

    private final double[] rest;
    private final int trainedLength;
    private final int distances;
    private final int starts;
    private final int[] remembered = new int[REMEMBERED];

    private WavelengthSearch(RopeFrequencies frequencies, int trainedLength) {
        this.trainedLength = trainedLength;
        List<Integer> fast = NearReturn.of(frequencies, trainedLength).pairs().stream()
                .sorted(Comparator.comparingDouble(frequencies::wavelength))
                .toList();
        pairs = fast.stream().limit(MOST_SEARCHED).mapToInt(Integer::intValue).toArray();
        distances = (int) Math.min((LENGTHS - 1L) * trainedLength, MOST_DISTANCES);
        int tried = Math.max(LEAST_TRIED, Math.min(MOST_TRIED, TRIED_BY_LENGTH / trainedLength));
        starts = tried / TRIED_PER_START;
        candidates = new NearestFraction[pairs.length][];
        weights = new double[pairs.length][];
        weighted = new double[pairs.length][][];
        for (int i = 0; i < pairs.length; i++) {
            candidates[i] = candidates(
                    1 / frequencies.wavelength(pairs[i]), change(frequencies, pairs[i]), tried, trainedLength);
            weights[i] = Arrays.stream(candidates[i])
                    .mapToDouble(WavelengthSearch::weight)
                    .toArray();
            weighted[i] = Arrays.stream(candidates[i]).map(this::weighted).toArray(double[][]::new);
        }
        rest = new double[distances];
        for (int pair : fast.subList(pairs.length, fast.size())) {
            NearestFraction nearest = NearestFraction.to(1 / frequencies.wavelength(pair), trainedLength);
            double[] ofPair = weighted(nearest);
            restOfWeights += weight(nearest);
            Arrays.setAll(rest, beyond -> rest[beyond] + ofPair[beyond]);
        }
    }

    /**
     * The periods and turns of the fast pairs of these frequencies, by pair; 0 and 0 for the others.
     *
     * @param frequencies after the scaling, before any rounding
     * @return periods, then turns
     */
    static long[][] periodsAndTurns(RopeFrequencies frequencies, int trainedLength) {
        List<Object> key = List.of(
                trainedLength,
                Arrays.stream(frequencies.radiansPerToken()).boxed().toList());
        synchronized (KEPT) {
            if (KEPT.size() >= MOST_KEPT) {
                KEPT.clear();
            }
            return KEPT.computeIfAbsent(
                    key, absent -> new WavelengthSearch(frequencies, trainedLength).best(frequencies));
        }
    }

    private long[][] best(RopeFrequencies frequencies) {
        long[] periods = new long[frequencies.pairs()];
        long[] turns = new long[frequencies.pairs()];
        int[] best = searched();
        for (int i = 0; i < pairs.length; i++) {
            periods[pairs[i]] = candidates[i][best[i]].tokens();
            turns[pairs[i]] = candidates[i][best[i]].turns();
        }
        return new long[][] {periods, turns};
    }

    /** How far a pair's frequency may be changed, relative to it. */
    private static double change(RopeFrequencies frequencies, int pair) {
        double largest = LARGEST_CHANGE;
        double own = frequencies.radiansPerToken(pair);
        for (int other = 0; other < frequencies.pairs(); other++) {
            double difference = Math.abs(frequencies.radiansPerToken(other) - own);
            if (difference > 0) {
                largest =
                        Math.min(largest, OF_THE_WAY * difference / Math.max(own, frequencies.radiansPerToken(other)));
            }
        }
        return largest;
    }

    /** The nearest fraction first, however far it is. */
    private static NearestFraction[] candidates(double turnsPerToken, double change, int tried, long longestPeriod) {
        List<NearestFraction> found = new ArrayList<>();
        for (int step = 0; step <= 2 * tried; step++) {
            int side = step % 2 == 0 ? step / 2 : -(step + 1) / 2; // 0, -1, 1, -2, 2, ...
            NearestFraction nearest = NearestFraction.to(turnsPerToken * (1 + change * side / tried), longestPeriod);
            double away = Math.abs(nearest.turns() / (turnsPerToken * nearest.tokens()) - 1);
            if ((step == 0 || away <= change) && !found.contains(nearest)) {
                found.add(nearest);
            }
        }
        return found.toArray(NearestFraction[]::new);
    }

    private static double weight(NearestFraction fraction) {
        return 2 * Math.PI * fraction.turns() / fraction.tokens();
    }

    private double[] weighted(NearestFraction fraction) {
        long period = fraction.tokens();
        double[] byDistance = new double[distances];
        for (int beyond = 0; beyond < distances; beyond++) {
            long position = ((long) trainedLength + beyond) % period;
            double angle = PairAngle.inPeriod(position * fraction.turns() % period, period);
            byDistance[beyond] = weight(fraction) * StrictMath.cos(angle);
        }
        return byDistance;
    }

    /** The candidate of each pair in the best set found. */
    private int[] searched() {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] best = new int[pairs.length];
        double worstOfBest = Double.POSITIVE_INFINITY;
        for (int start = 0; start < starts; start++) {
            int[] set = new int[pairs.length];
            for (int i = 0; i < set.length && start > 0; i++) {
                set[i] = random.nextInt(candidates[i].length);
            }
            double worst = descend(set);
            if (worst < worstOfBest) {
                worstOfBest = worst;
                best = set;
            }
        }
        return best;
    }

    /** Changes a pair of a set, then two at a time, until none improves it; the worst alias of what is left. */
    private double descend(int[] set) {
        double worst = worst(set, Double.POSITIVE_INFINITY);
        double before = Double.POSITIVE_INFINITY;
        while (worst < before) {
            before = worst;
            for (int i = 0; i < set.length; i++) {
                worst = improve(set, i, i, worst);
            }
            for (int i = 0; i < set.length && worst == before; i++) {
                for (int j = 0; j < i && worst == before; j++) {
                    worst = improve(set, i, j, worst);
                }
            }
        }
        return worst;
    }

    private double improve(int[] set, int i, int j, double worst) {
        double best = worst;
        int bestOfI = set[i];
        int bestOfJ = set[j];
        for (int ofI = 0; ofI < candidates[i].length; ofI++) {
            set[i] = ofI;
            for (int ofJ = 0; ofJ < (i == j ? 1 : candidates[j].length); ofJ++) {
                if (i != j) {
                    set[j] = ofJ;
                }
                double found = worst(set, best);
                if (found < best) {
                    best = found;
                    bestOfI = set[i];
                    bestOfJ = set[j];
                }
            }
        }
        set[i] = bestOfI;
        set[j] = bestOfJ;
        return best;
    }

    /** The largest similarity of all distances, or {@code enough} if one is at least that. */
    private double worst(int[] set, double enough) {
        double weight = restOfWeights;
        for (int i = 0; i < set.length; i++) {
            weight += weights[i][set[i]];
        }
        for (int slot = 0; slot < REMEMBERED; slot++) {
            if (sum(set, remembered[slot]) >= enough * weight) {
                return enough;
            }
        }
        double worst = -weight;
        for (int beyond = 0; beyond < distances; beyond++) {
            double sum = sum(set, beyond);
            if (sum >= enough * weight) {
                System.arraycopy(remembered, 0, remembered, 1, REMEMBERED - 1);
                remembered[0] = beyond;
                return enough;
            }
            worst = Math.max(worst, sum);
        }
        return worst / weight;
    }

    private double sum(int[] set, int beyond) {
        double sum = rest[beyond];
        for (int i = 0; i < set.length; i++) {
            sum += weighted[i][set[i]][beyond];
        }
        return sum;
    }
}
