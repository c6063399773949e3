/**
 * Reports as single HTML files that open offline, on a phone as on a desktop, in light and dark.
 *
 * <p><b>How a page is made.</b> A {@link resonance.evaluation.report.ReportPage} is a title, a lead and a list of
 * {@linkplain resonance.evaluation.report.Section sections}: {@link resonance.evaluation.report.Findings} (answers as cards),
 * {@link resonance.evaluation.report.Table}, {@link resonance.evaluation.report.LineCharts},
 * {@link resonance.evaluation.report.HeatMaps} and {@link resonance.evaluation.report.KeyValues}. Sections know nothing of
 * experiments. {@link resonance.evaluation.report.ComparisonReport}, {@link resonance.evaluation.report.PerplexityReport} and
 * {@link resonance.evaluation.report.PasskeyReport} compose them, each its own way.
 *
 * <p><b>What is written here and what in the browser.</b> Tables, heat maps, cards and settings are plain HTML made here,
 * so they can be read without a script. A chart is written as JSON beside an empty figure; the page's script draws it with
 * uPlot, and fills the table of its numbers when that is opened. Three files are this project's own, {@code page.html},
 * {@code page.css} and {@code page.js}, beside this package among the resources; {@code NOTICE.md} there tells of uPlot.
 *
 * <p><b>Invariants.</b> All text is escaped by the section that shows it, JSON in scripts by {@code Html.scriptJson}. The
 * page's content security policy forbids loading anything, so a page that works once works offline. The same content gives
 * the same bytes. Lines hold at least 3:1 contrast, text 4.5:1, in both schemes, and with and without Resonance differ in
 * stroke, not in colour.
 */
@NullMarked
package resonance.evaluation.report;

import org.jspecify.annotations.NullMarked;
