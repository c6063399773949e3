package resonance.posgen;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which earlier tokens really determine the next one of a rule, found by trying every seed.
 *
 * <p>A rule says that a token is h of its far and near tokens. It may follow from others as well: with modular addition and
 * chain-of-thought, {@code x_l = 2 x_(l-1) - x_(l-k-1) (mod m)}, so that a model needs no far token, and a benchmark that is read as
 * one of far dependence measures none. Here all m^(j+k) sequences are made, and sets of tokens, told by where they stand from
 * the next one, are held against a stretch of positions: a set determines the token if no two places, in whichever
 * sequences and positions, agree on the set and differ in the token. One function of it then holds at all of them, as a
 * model would have to learn it.
 *
 * <p>The accuracy of a window is that of the best guess there can be for a reader who sees just those tokens and not where
 * they stand. It says what the information allows and nothing of how hard the guess is to compute: a product modulo a prime,
 * too, can be solved for the far token, but by a division.
 *
 * @param spec the rule
 * @param firstPosition first of the positions tried, counted from the start of the sequence
 * @param positions how many are tried
 * @param windows best guesses by the number of tokens just before that are seen, from none on
 * @param determiningSets sets of tokens that determine the next one, the fewest first, none with a smaller one inside
 */
public record RuleInspection(
        PosgenSpec spec,
        int firstPosition,
        int positions,
        List<NearWindow> windows,
        List<List<Source>> determiningSets) {
    /** Most sequences that are tried. */
    public static final int MOST_SEQUENCES = 1 << 20;

    private static final int MOST_POSITION = 1 << 16;
    private static final int MOST_SOURCES = 16;

    /** Sequences times positions: 64 MB a token. */
    private static final long MOST_PLACES = 1L << 24;

    /**
     * A token by where it stands from the next one.
     *
     * @param far whether it is one of the rule's far tokens
     * @param index of a far token from 0 to j-1, in their order; of a near one the tokens back, from 1
     */
    public record Source(boolean far, int index) {
        /** {@code far 0} or {@code x(l-1)}. */
        @Override
        public String toString() {
            return far ? "far " + index : "x(l-" + index + ")";
        }
    }

    /**
     * What the tokens just before a position say of it.
     *
     * @param tokens how many
     * @param accuracy share of all places in which the best guess from them is right, 0 to 1; 1 if they determine the token
     */
    public record NearWindow(int tokens, double accuracy) {}

    public RuleInspection {
        requireNonNull(spec, "spec must not be null");
        windows = List.copyOf(windows);
        determiningSets = determiningSets.stream().map(List::copyOf).toList();
    }

    /**
     * Inspects a rule.
     *
     * @param firstPosition of those to try, at least j + k + window so that every token of a window was made by the rule
     * @param positions how many to try, at least 1
     * @param window tokens just before that are tried beside the far ones, at least k; up to 16 tokens are tried in all.
     *     k + 1 finds what is known of modular addition
     * @throws IllegalArgumentException if an argument is out of range, or m^(j+k) is over {@link #MOST_SEQUENCES}
     */
    public static RuleInspection of(PosgenSpec spec, int firstPosition, int positions, int window) {
        int sequences = sequences(spec);
        requireRange(spec, sequences, firstPosition, positions, window);
        List<Source> sources = sources(spec, window);
        int[][] seen = new int[sources.size()][sequences * positions];
        int[] tokens = new int[sequences * positions];
        int[] sequence = new int[firstPosition + positions];
        for (int row = 0; row < sequences; row++) {
            int number = row;
            for (int seed = spec.seedTokens() - 1; seed >= 0; seed--) {
                sequence[seed] = number % spec.modulus();
                number /= spec.modulus();
            }
            spec.extend(sequence, 0, sequence.length);
            for (int offset = 0; offset < positions; offset++) {
                int position = firstPosition + offset;
                int firstFar = spec.task().firstFarPosition(position, spec.seedTokens());
                int place = row * positions + offset;
                for (int column = 0; column < seen.length; column++) {
                    Source source = sources.get(column);
                    seen[column][place] = sequence[source.far ? firstFar + source.index : position - source.index];
                }
                tokens[place] = sequence[position];
            }
        }
        return new RuleInspection(
                spec,
                firstPosition,
                positions,
                windows(spec, sources, seen, tokens, window),
                determiningSets(spec, sources, seen, tokens));
    }

    private static int sequences(PosgenSpec spec) {
        long sequences = 1;
        for (int seed = 0; seed < spec.seedTokens(); seed++) {
            sequences *= spec.modulus();
            if (sequences > MOST_SEQUENCES) {
                throw new PosgenRefusal(
                        "{modulus}^(far + near) must be at most " + MOST_SEQUENCES
                                + " for an inspection, which tries all",
                        ", was " + spec.modulus() + "^" + spec.seedTokens() + "; take a smaller modulus");
            }
        }
        return (int) sequences;
    }

    private static void requireRange(PosgenSpec spec, int sequences, int firstPosition, int positions, int window) {
        PosgenRefusal.requireAtLeast("positions", positions, 1);
        if (window < spec.near() || window + spec.far() > MOST_SOURCES) {
            throw new PosgenRefusal(
                    "{window} must be from near (" + spec.near() + ") to " + MOST_SOURCES + " less far ("
                            + (MOST_SOURCES - spec.far()) + ")",
                    ", was " + window);
        }
        long least = (long) spec.seedTokens() + window;
        if (firstPosition < least || (long) firstPosition + positions > MOST_POSITION) {
            throw new PosgenRefusal(
                    "{firstPosition} must be at least far + near + window (" + least
                            + "), and with {positions} at most " + MOST_POSITION,
                    ", was " + firstPosition + " with " + positions);
        }
        if ((long) sequences * positions > MOST_PLACES) {
            throw new PosgenRefusal(
                    "{positions} must be at most " + MOST_PLACES / sequences + " for " + sequences + " sequences",
                    ", was " + positions);
        }
    }

    /** Far tokens in their order, then near ones, the nearest last; a token that is both is a far one. */
    private static List<Source> sources(PosgenSpec spec, int window) {
        List<Source> sources = new ArrayList<>();
        for (int far = 0; far < spec.far(); far++) {
            sources.add(new Source(true, far));
        }
        int farTokensEnd = spec.task() == PosgenTask.RECURSIVE ? spec.near() : Integer.MAX_VALUE;
        for (int back = window; back >= 1; back--) {
            boolean isFar = back > farTokensEnd && back <= spec.seedTokens();
            if (!isFar) {
                sources.add(new Source(false, back));
            }
        }
        return sources;
    }

    private static List<NearWindow> windows(
            PosgenSpec spec, List<Source> sources, int[][] seen, int[] tokens, int window) {
        List<NearWindow> windows = new ArrayList<>();
        for (int size = 0; size <= window; size++) {
            int set = 0;
            for (int back = 1; back <= size; back++) {
                int near = sources.indexOf(new Source(false, back));
                int far = sources.indexOf(new Source(true, spec.seedTokens() - back));
                set |= 1 << (near >= 0 ? near : far);
            }
            windows.add(new NearWindow(size, bestGuess(classes(spec, seen, set), tokens, spec.modulus())));
        }
        return windows;
    }

    private static List<List<Source>> determiningSets(
            PosgenSpec spec, List<Source> sources, int[][] seen, int[] tokens) {
        List<Integer> found = new ArrayList<>();
        for (int size = 0; size <= spec.seedTokens(); size++) {
            for (int set = 0; set < 1 << sources.size(); set++) {
                int candidate = set;
                if (Integer.bitCount(set) == size
                        && found.stream().noneMatch(smaller -> (smaller & candidate) == smaller)
                        && determines(classes(spec, seen, set), tokens)) {
                    found.add(set);
                }
            }
        }
        return found.stream().map(set -> members(set, sources)).toList();
    }

    private static List<Source> members(int set, List<Source> sources) {
        List<Source> members = new ArrayList<>();
        for (int column = 0; column < sources.size(); column++) {
            if ((set >> column & 1) == 1) {
                members.add(sources.get(column));
            }
        }
        return members;
    }

    /** Numbers every place by what it holds in a set, from 0 without gaps; equal numbers, equal tokens there. */
    private static int[] classes(PosgenSpec spec, int[][] seen, int set) {
        int[] classes = new int[seen.length == 0 ? 0 : seen[0].length];
        for (int column = 0; column < seen.length; column++) {
            if ((set >> column & 1) == 1) {
                refine(classes, seen[column], spec.modulus());
            }
        }
        return classes;
    }

    /** Splits classes by one more token and numbers them anew. */
    private static void refine(int[] classes, int[] column, int modulus) {
        long[] split = new long[classes.length];
        for (int place = 0; place < classes.length; place++) {
            split[place] = (long) classes[place] * modulus + column[place];
        }
        long[] known = Arrays.stream(split).sorted().distinct().toArray();
        for (int place = 0; place < classes.length; place++) {
            classes[place] = Arrays.binarySearch(known, split[place]);
        }
    }

    private static boolean determines(int[] classes, int[] tokens) {
        int[] tokenOf = new int[classes.length];
        Arrays.fill(tokenOf, -1);
        for (int place = 0; place < classes.length; place++) {
            int known = tokenOf[classes[place]];
            if (known >= 0 && known != tokens[place]) {
                return false;
            }
            tokenOf[classes[place]] = tokens[place];
        }
        return true;
    }

    private static double bestGuess(int[] classes, int[] tokens, int modulus) {
        long[] places = new long[classes.length];
        for (int place = 0; place < places.length; place++) {
            places[place] = (long) classes[place] * modulus + tokens[place];
        }
        Arrays.sort(places);
        long right = 0;
        int best = 0;
        int run = 0;
        for (int place = 0; place < places.length; place++) {
            run = place > 0 && places[place] == places[place - 1] ? run + 1 : 1;
            best = Math.max(best, run);
            if (place + 1 == places.length || places[place + 1] / modulus != places[place] / modulus) {
                right += best;
                best = 0;
            }
        }
        return right / (double) places.length;
    }

    /** Determining sets without a far token; if there is none, the far tokens are needed. */
    public List<List<Source>> shortcuts() {
        return determiningSets.stream()
                .filter(set -> set.stream().noneMatch(Source::far))
                .toList();
    }

    /** The best that near tokens alone allow, 0 to 1. */
    public double nearAccuracy() {
        return windows.stream()
                .map(NearWindow::accuracy)
                .max(Comparator.naturalOrder())
                .orElse(0.0);
    }
}
