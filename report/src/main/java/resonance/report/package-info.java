/**
 * Reports as data, which a program can show in more than one way: as an HTML file
 * ({@code resonance.report.html}), in a terminal ({@code resonance.report.text}), or elsewhere from its JSON form
 * ({@link resonance.report.Page#toJson}).
 *
 * <p>A {@link resonance.report.Page} is a title, a lead and a list of {@linkplain resonance.report.Section sections}:
 * {@link resonance.report.Findings} (answers as cards), {@link resonance.report.Table},
 * {@link resonance.report.LineCharts}, {@link resonance.report.HeatMaps} and {@link resonance.report.KeyValues}. Sections know
 * nothing of experiments, and nothing of HTML or terminals. All types are immutable; text in them is plain and escaped by whoever
 * shows it.
 */
@NullMarked
package resonance.report;

import org.jspecify.annotations.NullMarked;
