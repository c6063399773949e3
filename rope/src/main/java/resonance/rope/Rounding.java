package resonance.rope;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is done to the wavelengths after a scaling: nothing, or {@link Resonance} with a bound on the periods that it may
 * choose.
 *
 * <pre>
 *   text                meaning                                                    name of an encoding
 *   (empty)             wavelengths stay as they are                               yarn
 *   whole               one turn a period: the paper's Resonance                   resonance-yarn
 *   p64                 periods of at most 64 tokens                               resonance-p64-yarn
 *   x16                 periods of at most 16 wavelengths                          resonance-x16-yarn
 *   searched            periods of at most the trained length, few aliases         resonance-searched-yarn </pre>
 *
 * @param kind what limits a period
 * @param bound tokens for {@link Kind#TOKENS}, from 2 to 2^31 - 1; wavelengths for {@link Kind#WAVELENGTHS}, from 2 to
 *     1,000,000; else 0
 */
public record Rounding(Kind kind, int bound) {
    /** What limits a period. */
    public enum Kind {
        /** There is no rounding. */
        NONE,
        /** A period is one turn. */
        WHOLE,
        /** Tokens. */
        TOKENS,
        /** Wavelengths of the pair itself. */
        WAVELENGTHS,
        /** The trained length, and the fastest pairs are changed so that they return together as little as the search finds. */
        SEARCHED
    }

    /** Wavelengths stay as they are. */
    public static final Rounding NONE = new Rounding(Kind.NONE, 0);

    /** Whole wavelengths, as in the paper. */
    public static final Rounding WHOLE = new Rounding(Kind.WHOLE, 0);

    /** Periods within the trained length, and of the fast pairs those whose aliases are weak, see {@link Resonance}. */
    public static final Rounding SEARCHED = new Rounding(Kind.SEARCHED, 0);

    private static final String SEARCHED_TEXT = "searched";
    private static final String WHOLE_TEXT = "whole";
    private static final int SMALLEST_BOUND = 2;
    private static final int MOST_WAVELENGTHS = 1_000_000;
    private static final Pattern BOUND = Pattern.compile("([px])([0-9]{1,18})");

    public Rounding {
        switch (kind) {
            case NONE, WHOLE, SEARCHED -> Require.atLeast("bound", bound, 0);
            case TOKENS -> Require.atLeast("bound", bound, SMALLEST_BOUND);
            case WAVELENGTHS -> {
                if (bound < SMALLEST_BOUND || bound > MOST_WAVELENGTHS) {
                    throw Refusal.was("bound", "must be from " + SMALLEST_BOUND + " to " + MOST_WAVELENGTHS, bound);
                }
            }
        }
    }

    /** Periods of at most this many tokens. */
    public static Rounding tokens(int bound) {
        return new Rounding(Kind.TOKENS, bound);
    }

    /** Periods of at most this many wavelengths of the pair itself. */
    public static Rounding wavelengths(int bound) {
        return new Rounding(Kind.WAVELENGTHS, bound);
    }

    /**
     * The rounding of a text as {@link #toString} writes it, but the empty one.
     *
     * @throws Refusal if it is none
     */
    public static Rounding valueOf(String text) {
        return WHOLE_TEXT.equals(text)
                ? WHOLE
                : bounded(text)
                        .orElseThrow(() -> Refusal.was(
                                "periods",
                                "must be whole, searched, p and tokens such as p64, or x and wavelengths such as x16",
                                "'" + text + "'"));
    }

    /**
     * The rounding of a text such as {@code p64}, {@code x16} or {@code searched}; empty if it has another form.
     *
     * @throws Refusal if the number is out of range
     */
    static Optional<Rounding> bounded(String text) {
        if (SEARCHED_TEXT.equals(text)) {
            return Optional.of(SEARCHED);
        }
        Matcher matcher = BOUND.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long bound = Long.parseLong(matcher.group(2));
        boolean tokens = matcher.group(1).equals("p");
        long largest = tokens ? Integer.MAX_VALUE : MOST_WAVELENGTHS;
        if (bound < SMALLEST_BOUND || bound > largest) {
            throw Refusal.was(
                    "periods", "must have a bound from " + SMALLEST_BOUND + " to " + largest, "'" + text + "'");
        }
        return Optional.of(tokens ? tokens((int) bound) : wavelengths((int) bound));
    }

    /** Whether there is a rounding. */
    public boolean isNone() {
        return kind == Kind.NONE;
    }

    /**
     * This rounding, or, of the searched one, the bound that its periods keep: the trained length.
     *
     * @param trainedLength tokens
     */
    public Rounding bounded(int trainedLength) {
        return kind == Kind.SEARCHED && trainedLength >= SMALLEST_BOUND ? tokens(trainedLength) : this;
    }

    /** The scaling with this rounding after it. */
    public RopeScaling after(RopeScaling scaling) {
        return isNone() ? scaling : new Resonance(scaling, this);
    }

    /** What stands before a scaling's name. */
    String prefix() {
        return switch (kind) {
            case NONE -> "";
            case WHOLE -> EncodingName.RESONANCE;
            case TOKENS, WAVELENGTHS, SEARCHED -> EncodingName.RESONANCE + this + "-";
        };
    }

    /** For tables and charts, after the label of the encoding: {@code (p ≤ 16 λ)}; empty for none and whole. */
    String label() {
        return switch (kind) {
            case NONE, WHOLE -> "";
            case TOKENS -> String.format(Locale.ROOT, " (p ≤ %d)", bound);
            case WAVELENGTHS -> String.format(Locale.ROOT, " (p ≤ %d λ)", bound);
            case SEARCHED -> " (searched)";
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NONE -> "";
            case WHOLE -> WHOLE_TEXT;
            case TOKENS -> "p" + bound;
            case WAVELENGTHS -> "x" + bound;
            case SEARCHED -> SEARCHED_TEXT;
        };
    }
}
