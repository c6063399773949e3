package resonance.report;

import java.util.List;

/**
 * Charts of the same series side by side, under one legend that switches series on and off in all of them. Each chart
 * has its numbers as a table below it, for readers who can't see it and for copying.
 *
 * @param title heading
 * @param explanation how to read the charts; may be empty
 * @param charts at least one
 */
public record LineCharts(String title, String explanation, List<LineChart> charts) implements Section {

    public LineCharts {
        charts = List.copyOf(charts);
        if (charts.isEmpty()) {
            throw new IllegalArgumentException("charts of section \"" + title + "\" must be at least one, was none");
        }
    }

    @Override
    public <T> T render(Renderer<T> renderer) {
        return renderer.lineCharts(this);
    }
}
