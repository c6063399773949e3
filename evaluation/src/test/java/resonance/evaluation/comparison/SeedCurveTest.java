package resonance.evaluation.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import resonance.report.LineChart.Series;
import resonance.report.LineStyle;
import resonance.report.LineStyle.Stroke;

class SeedCurveTest {

    private static final LineStyle STYLE = new LineStyle(0, Stroke.SOLID);

    @Test
    void averagesTheSeedsThatHaveAValue() {
        SeedCurve curve = new SeedCurve();
        curve.add(2, 3);
        curve.add(1, 10);
        curve.add(1, 20);
        Series series = curve.series("a", STYLE, true, 100);
        assertThat(series.x()).containsExactly(1.0, 2.0);
        assertThat(series.y()).containsExactly(15.0, 3.0);
        assertThat(series.low()).containsExactly(10.0, 3.0);
        assertThat(series.high()).containsExactly(20.0, 3.0);
    }

    @Test
    void oneSeedHasNoBand() {
        SeedCurve curve = new SeedCurve();
        curve.add(1, 10);
        assertThat(curve.series("a", STYLE, true, 100).low()).isEmpty();
    }

    @Test
    void aLongCurveIsThinnedByAveragingNeighbours() {
        SeedCurve curve = new SeedCurve();
        for (int step = 1; step <= 1001; step++) {
            curve.add(step, 2 * step);
        }
        Series series = curve.series("a", STYLE, true, 250);
        assertThat(series.x()).hasSize(201).startsWith(3.0, 8.0).endsWith(1001.0);
        assertThat(series.y()).startsWith(6.0, 16.0).endsWith(2002.0);
    }

    @Test
    void aSeedThatDivergedMakesAGapRatherThanABetterMean() {
        SeedCurve curve = new SeedCurve();
        curve.add(1, Double.NaN);
        curve.add(1, 0.5);
        assertThat(curve.series("a", STYLE, false, 100).y().get(0)).isNaN();
    }
}
