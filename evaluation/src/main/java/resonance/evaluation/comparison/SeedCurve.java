package resonance.evaluation.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import resonance.evaluation.Summary;
import resonance.report.LineChart.Series;
import resonance.report.LineStyle;

/**
 * One quantity over a run, gathered from several seeds: at each place the mean over the seeds that have a value there,
 * with a band from the smallest to the largest.
 */
final class SeedCurve {

    private final SortedMap<Double, List<Double>> values = new TreeMap<>();

    void add(double x, double y) {
        values.computeIfAbsent(x, unused -> new ArrayList<>()).add(y);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /**
     * This curve as a chart series of at most so many points; where it has more, neighbours are averaged.
     *
     * @param banded whether to draw the band, which one seed alone does not have
     */
    Series series(String name, LineStyle style, boolean banded, int mostPoints) {
        List<Map.Entry<Double, List<Double>>> places = List.copyOf(values.entrySet());
        int perPoint = Math.max(1, (places.size() + mostPoints - 1) / mostPoints);
        boolean band = banded && values.values().stream().anyMatch(seeds -> seeds.size() > 1);
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<Double> low = new ArrayList<>();
        List<Double> high = new ArrayList<>();
        for (int start = 0; start < places.size(); start += perPoint) {
            List<Map.Entry<Double, List<Double>>> bucket =
                    places.subList(start, Math.min(places.size(), start + perPoint));
            List<Summary> seeds =
                    bucket.stream().map(place -> Summary.of(place.getValue())).toList();
            x.add(mean(bucket.stream().map(Map.Entry::getKey).toList()));
            y.add(mean(seeds.stream().map(Summary::mean).toList()));
            if (band) {
                low.add(mean(seeds.stream().map(Summary::min).toList()));
                high.add(mean(seeds.stream().map(Summary::max).toList()));
            }
        }
        return new Series(name, style, x, y, low, high);
    }

    private static double mean(List<Double> numbers) {
        return Summary.of(numbers).mean();
    }
}
