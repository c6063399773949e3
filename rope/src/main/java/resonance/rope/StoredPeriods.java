package resonance.rope;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The exact periods behind frequencies that passed through a file: exported with {@link Resonance} and read back, they are
 * fractions of a turn a token but for the file's rounding.
 *
 * <pre>
 *   x     = theta / (2*pi)                turns per token, as stored
 *   e     = 2^-49, then 2^-23             rounding of a divisor in double or in float32, relative, with room
 *   q / p = the fraction with the smallest p within x * (1 - e) .. x * (1 + e)
 *   c     = 2 * e * p * q                 how many fractions as simple as that an interval of this width holds: what
 *                                         it takes for an unrelated frequency to be one </pre>
 *
 * <p>The interval is {@code 2*e*x} wide, and of fractions with denominators up to p there are about {@code 3/pi^2 * p^2} a unit
 * (Hardy and Wright, "An Introduction to the Theory of Numbers", theorem 330), hence {@code 0.61*e*p*q}, which c bounds; for
 * whole wavelengths, which are {@code 2*e*lambda} likely, c is that. A fraction is told by its frequency alone where c is at most
 * 2^-10. One frequency proves nothing: plain RoPE's fastest pair is 710/113 within float32. So there are periods only where
 *
 * <ul>
 *   <li>every wavelength below {@code 1/(2e)} tokens is whole, and there is one; or
 *   <li>the fastest pairs, up to the first that is not told, have a product of all c of at most 2^-24: unrelated frequencies
 *       have it once in a million files.
 * </ul>
 *
 * <p>In the second case slower pairs have a period where they are told, or where they and all slower ones are whole with such a
 * product. A period p with p*q above {@code 2^-11/e} (2^12 in float32, 2^38 in double) is not told, and its pair has none here.
 * Where one is told it is the exported one: no simpler fraction lies that close.
 *
 * <p>A file that says with which bound it was rounded is checked instead of guessed at. Every frequency must be a fraction within
 * the bound, else the file's word counts for nothing; and a pair's fraction is told where no other one within the bound can lie
 * in its interval, since two with p and p' tokens differ by {@code 1/(p*p')} or more.
 *
 * @param frequencies with the periods that were told; their radians are those of the fractions, other pairs' as stored
 * @param relativeRounding e
 */
public record StoredPeriods(RopeFrequencies frequencies, double relativeRounding) {
    private static final double DOUBLE_ROUNDING = 0x1p-49;
    private static final double FLOAT32_ROUNDING = 0x1p-23;

    /** Largest c of a pair. */
    private static final double TOLD = 0x1p-10;

    /** Largest product of all c. */
    private static final double PROOF = 0x1p-24;

    /** Periods of several turns are below it. */
    private static final double LONGEST_FRACTION = 1L << 31;

    public StoredPeriods {
        requireNonNull(frequencies, "frequencies must not be null");
    }

    /** The periods behind stored frequencies; empty if there is no proof of any. */
    public static Optional<StoredPeriods> in(RopeFrequencies stored) {
        return new Reading(stored, DOUBLE_ROUNDING).periods().or(() -> new Reading(stored, FLOAT32_ROUNDING).periods());
    }

    /**
     * The periods behind stored frequencies of which a file says how they were rounded; empty if there is no proof of any.
     *
     * @param said with a bound to be checked ({@link Rounding#bounded}); any other adds nothing to {@link #in(RopeFrequencies)}
     */
    public static Optional<StoredPeriods> in(RopeFrequencies stored, Rounding said) {
        boolean bounded = said.kind() == Rounding.Kind.TOKENS || said.kind() == Rounding.Kind.WAVELENGTHS;
        return !bounded
                ? in(stored)
                : new Reading(stored, DOUBLE_ROUNDING)
                        .within(said)
                        .or(() -> new Reading(stored, FLOAT32_ROUNDING).within(said))
                        .or(() -> in(stored));
    }

    /** Whether every period is a whole wavelength, as the paper's Resonance makes them. */
    public boolean areWhole() {
        return pairs().allMatch(pair -> frequencies.turns(pair) <= 1);
    }

    /** Number of pairs that have a period. */
    public int count() {
        return (int) pairs().filter(pair -> frequencies.periodTokens(pair) > 0).count();
    }

    private IntStream pairs() {
        return IntStream.range(0, frequencies.pairs());
    }

    /** For people: "whole wavelengths", "periods of up to 7 turns and 53 tokens, or whole wavelengths". */
    public String text() {
        if (areWhole()) {
            return "whole wavelengths";
        }
        long turns = pairs().mapToLong(frequencies::turns).max().orElse(0);
        long tokens = pairs().filter(pair -> frequencies.turns(pair) > 1)
                .mapToLong(frequencies::periodTokens)
                .max()
                .orElse(0);
        return "periods of up to " + turns + " turns and " + tokens + " tokens"
                + (pairs().anyMatch(pair -> frequencies.turns(pair) == 1) ? ", or whole wavelengths" : "");
    }

    /** What one rounding makes of stored frequencies. */
    private static final class Reading {
        private final RopeFrequencies stored;
        private final double rounding;
        private final long[] tokens;
        private final long[] turns;

        Reading(RopeFrequencies stored, double rounding) {
            this.stored = stored;
            this.rounding = rounding;
            this.tokens = new long[stored.pairs()];
            this.turns = new long[stored.pairs()];
            for (int pair = 0; pair < tokens.length; pair++) {
                if (canBeTold(pair)) {
                    simplest(pair);
                }
            }
        }

        /** Whether a whole wavelength could be told from its neighbours. */
        private boolean canBeTold(int pair) {
            return stored.wavelength(pair) < 0.5 / rounding;
        }

        /** By continued fractions: the terms that both ends of the interval share, then the least that lies between them. */
        private void simplest(int pair) {
            double turnsPerToken = 1 / stored.wavelength(pair);
            double low = turnsPerToken * (1 - rounding);
            double high = turnsPerToken * (1 + rounding);
            long lastTurns = 1;
            long lastTokens = 0;
            long beforeTurns = 0;
            long beforeTokens = 1;
            while (true) {
                double term = Math.ceil(low);
                boolean between = term <= high;
                double shared = between ? term : Math.floor(low);
                if (shared * lastTokens + beforeTokens >= LONGEST_FRACTION && shared * lastTurns + beforeTurns > 1) {
                    return;
                }
                long nextTurns = ((long) shared) * lastTurns + beforeTurns;
                long nextTokens = ((long) shared) * lastTokens + beforeTokens;
                if (between) {
                    if (nextTurns > 0) {
                        turns[pair] = nextTurns;
                        tokens[pair] = nextTokens;
                    }
                    return;
                }
                beforeTurns = lastTurns;
                beforeTokens = lastTokens;
                lastTurns = nextTurns;
                lastTokens = nextTokens;
                double lowRest = low - shared;
                low = 1 / (high - shared);
                high = 1 / lowRest;
            }
        }

        /** c, as described at the class. */
        private double chance(int pair) {
            return Math.min(1, 2 * rounding * tokens[pair] * turns[pair]);
        }

        private boolean isWhole(int pair) {
            return turns[pair] == 1;
        }

        private boolean isTold(int pair) {
            return turns[pair] > 0 && chance(pair) <= TOLD;
        }

        Optional<StoredPeriods> periods() {
            boolean any = IntStream.range(0, tokens.length).anyMatch(this::isWhole);
            boolean whole = IntStream.range(0, tokens.length).allMatch(pair -> !canBeTold(pair) || isWhole(pair));
            if (any && whole) {
                return Optional.of(with(pair -> turns[pair] > 0));
            }
            int wholeFrom = wholeFrom();
            return fastestProve()
                    ? Optional.of(with(pair -> isTold(pair) || (pair >= wholeFrom && turns[pair] > 0)))
                    : Optional.empty();
        }

        /** Checks what a file says. */
        Optional<StoredPeriods> within(Rounding said) {
            boolean fits = IntStream.range(0, tokens.length)
                    .allMatch(pair -> !canBeTold(pair)
                            || isWhole(pair)
                            || (turns[pair] > 1 && tokens[pair] <= longest(pair, said)));
            return Optional.of(with(pair -> turns[pair] > 0 && isAlone(pair, longest(pair, said))))
                    .filter(periods -> fits && periods.count() > 0);
        }

        /** Tokens; a bound in wavelengths counts those before the rounding, which may have been half as long again. */
        private double longest(int pair, Rounding said) {
            return said.kind() == Rounding.Kind.TOKENS
                    ? said.bound()
                    : Math.ceil(1.5 * said.bound() * stored.wavelength(pair));
        }

        private boolean isAlone(int pair, double longest) {
            return tokens[pair] * Math.max(longest, (double) tokens[pair]) <= stored.wavelength(pair) / (2 * rounding);
        }

        private boolean fastestProve() {
            double product = 1;
            for (int pair = 0; pair < tokens.length && isTold(pair); pair++) {
                product *= chance(pair);
            }
            return product <= PROOF;
        }

        /** The first of the slowest pairs that are whole together beyond doubt; the number of pairs if there are none. */
        private int wholeFrom() {
            double product = 1;
            int from = tokens.length;
            while (from > 0 && (!canBeTold(from - 1) || isWhole(from - 1))) {
                from--;
                product *= canBeTold(from) ? chance(from) : 1;
            }
            return product <= PROOF ? from : tokens.length;
        }

        private StoredPeriods with(IntPredicate known) {
            long[] toldTokens = new long[tokens.length];
            long[] toldTurns = new long[tokens.length];
            for (int pair = 0; pair < tokens.length; pair++) {
                if (known.test(pair)) {
                    toldTokens[pair] = tokens[pair];
                    toldTurns[pair] = turns[pair];
                }
            }
            return new StoredPeriods(
                    RopeFrequencies.withPeriods(
                            stored.radiansPerToken(), toldTokens, toldTurns, stored.attentionScale()),
                    rounding);
        }
    }
}
