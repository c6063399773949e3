/**
 * Pages as single HTML files that open offline, on a phone as on a desktop, in light and dark. The only place that knows
 * HTML.
 *
 * <p><b>What is written here and what in the browser.</b> Tables, heat maps, cards and settings are plain HTML made here,
 * so they can be read without a script. A chart is written as JSON beside an empty figure; the page's script draws it with
 * uPlot, and fills the table of its numbers when that is opened. Three files are this project's own, {@code page.html},
 * {@code page.css} and {@code page.js}, beside this package among the resources; {@code NOTICE.md} there tells of uPlot.
 *
 * <p><b>Invariants.</b> {@code Html.of} escapes every text that it puts in, {@code Html.script} JSON in scripts. The
 * page's content security policy forbids loading anything, so a page that works once works offline. The same content gives
 * the same bytes. Lines hold at least 3:1 contrast, text 4.5:1, in both schemes.
 */
@NullMarked
package resonance.report.html;

import org.jspecify.annotations.NullMarked;
