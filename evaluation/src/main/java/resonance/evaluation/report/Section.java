package resonance.evaluation.report;

/** One part of a {@link ReportPage}, with a heading of its own. */
public sealed interface Section permits Findings, HeatMaps, KeyValues, LineCharts, Table {

    /** This section as HTML, every text in it escaped. */
    String html();
}
