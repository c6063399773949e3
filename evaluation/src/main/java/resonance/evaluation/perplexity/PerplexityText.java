package resonance.evaluation.perplexity;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Perplexities as text for people: four digits, thousands grouped. */
public final class PerplexityText {

    private PerplexityText() {}

    /** 7.346, 12.35, 123.5, 12,346, 1.2e+06; "NaN" and "infinite" for a model that broke. */
    public static String of(double perplexity) {
        if (Double.isNaN(perplexity)) {
            return "NaN";
        }
        if (Double.isInfinite(perplexity)) {
            return "infinite";
        }
        return String.format(Locale.ROOT, format(perplexity), perplexity);
    }

    /** A standard error in two digits: 0.013, 1.4, 97; more where it is greater. */
    public static String ofError(double error) {
        if (!Double.isFinite(error) || error >= 100) {
            return of(error);
        }
        return new BigDecimal(error).round(new MathContext(2)).toPlainString();
    }

    private static String format(double perplexity) {
        if (perplexity < 9.9995) {
            return "%.3f";
        }
        if (perplexity < 99.995) {
            return "%.2f";
        }
        if (perplexity < 999.95) {
            return "%.1f";
        }
        return perplexity < 999_999.5 ? "%,.0f" : "%.1e";
    }
}
