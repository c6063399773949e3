package resonance.evaluation.report;

import java.util.List;
import resonance.evaluation.ComparisonPlan;
import resonance.evaluation.report.LineStyle.Stroke;

/**
 * One look for each encoding, everywhere on a page: colour tells the scaling, a solid line that Resonance is on, a broken
 * one that it is off.
 */
final class EncodingStyles {

    private final List<String> scalings;

    EncodingStyles(List<String> encodings) {
        this.scalings = encodings.stream()
                .map(EncodingStyles::withoutResonance)
                .distinct()
                .toList();
    }

    LineStyle of(String encoding) {
        int colour = scalings.indexOf(withoutResonance(encoding)) % LineStyle.COLOURS;
        boolean resonance = encoding.startsWith(ComparisonPlan.RESONANCE_PREFIX);
        return new LineStyle(colour, resonance ? Stroke.SOLID : Stroke.DASHED);
    }

    private static String withoutResonance(String encoding) {
        return encoding.startsWith(ComparisonPlan.RESONANCE_PREFIX)
                ? encoding.substring(ComparisonPlan.RESONANCE_PREFIX.length())
                : encoding;
    }
}
