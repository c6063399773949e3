package resonance.evaluation.sidebyside;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import resonance.evaluation.perplexity.PerplexityProtocol.Weighting;
import resonance.evaluation.perplexity.WindowLosses;

/**
 * What one training of a row came to in a column.
 *
 * @param value the mean, in the unit of {@link Quantity}, rounded where the suite rounds it
 * @param planned units that the study plans
 * @param units measured, by place: a document, question or trial
 */
record Measured(double value, int planned, Map<String, Unit> units) {
    /**
     * One document, question or trial.
     *
     * @param identity everything that makes it the same as another one's, as text by name
     * @param task that it is a question of; empty where a column is no mean of tasks, which count alike
     * @param weight in the mean of its task
     * @param value in the unit of {@link Quantity}
     * @param windows losses of a document window by window; else empty
     * @param weighting how these windows weigh
     */
    record Unit(
            Map<String, String> identity,
            String task,
            double weight,
            double value,
            List<WindowLosses> windows,
            Weighting weighting) {
        /** A unit without windows. */
        Unit(Map<String, String> identity, double weight, double value) {
            this(identity, "", weight, value, List.of(), Weighting.TOKENS);
        }

        /** A question of a task. */
        static Unit ofTask(String task, Map<String, String> identity, double value) {
            return new Unit(identity, task, 1, value, List.of(), Weighting.TOKENS);
        }

        Unit {
            identity = Collections.unmodifiableMap(new LinkedHashMap<>(identity));
            windows = List.copyOf(windows);
        }
    }

    Measured {
        units = Collections.unmodifiableMap(new LinkedHashMap<>(units));
    }

    /** Of units whose weighted mean is the value. */
    static Measured of(int planned, Map<String, Unit> units) {
        double sum = 0;
        double weight = 0;
        for (Unit unit : units.values()) {
            sum += unit.weight() * unit.value();
            weight += unit.weight();
        }
        return new Measured(sum / weight, planned, units);
    }
}
