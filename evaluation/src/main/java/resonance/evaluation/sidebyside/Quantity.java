package resonance.evaluation.sidebyside;

import java.util.Locale;
import resonance.evaluation.Interval;
import resonance.evaluation.perplexity.PerplexityDifference;
import resonance.evaluation.perplexity.PerplexityText;

/**
 * What a table shows. A value is kept in the unit that is averaged and subtracted.
 *
 * <pre>              averaged            shown as           difference shown in
 *   PERPLEXITY  mean loss, nats     e^loss             % of the perplexity
 *   BITS        bits a byte         bits a byte        bits a byte
 *   SCORE       percent             percent            points
 *   LOSS        mean loss, nats     nats a token       nats a token </pre>
 */
enum Quantity {
    PERPLEXITY("perplexity", "% of the perplexity", false),
    BITS("bits a byte", "bits a byte", false),
    SCORE("%", "points", true),
    LOSS("nats a token", "nats a token", false);

    private final String unit;
    private final String differenceUnit;
    private final boolean higherIsBetter;

    Quantity(String unit, String differenceUnit, boolean higherIsBetter) {
        this.unit = unit;
        this.differenceUnit = differenceUnit;
        this.higherIsBetter = higherIsBetter;
    }

    /** Of a value as shown. */
    String unit() {
        return unit;
    }

    /** Of a difference as shown. */
    String differenceUnit() {
        return differenceUnit;
    }

    boolean higherIsBetter() {
        return higherIsBetter;
    }

    /** A mean as it is shown. */
    double shown(double mean) {
        return this == PERPLEXITY ? Math.exp(mean) : mean;
    }

    /** A difference of means as it is shown. */
    Interval shown(Interval difference) {
        return this == PERPLEXITY ? PerplexityDifference.inPercent(difference) : difference;
    }

    /** A mean as text. */
    String text(double mean) {
        return switch (this) {
            case PERPLEXITY -> PerplexityText.of(shown(mean));
            case SCORE -> String.format(Locale.ROOT, "%.2f", mean);
            case BITS, LOSS -> String.format(Locale.ROOT, "%.3f", mean);
        };
    }

    /** The ends of a difference of means as text. */
    String ends(Interval difference) {
        return shown(difference).decidingEnds(decimals());
    }

    private int decimals() {
        return switch (this) {
            case PERPLEXITY -> 2;
            case SCORE -> 1;
            case BITS, LOSS -> 3;
        };
    }

    /** A difference of means as text, with its ends. */
    String text(Interval difference) {
        return shown(difference).decidingText(decimals());
    }
}
