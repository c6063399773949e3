/** Tables of pages as text for a terminal, by {@link resonance.report.text.TextTable}. */
@NullMarked
package resonance.report.text;

import org.jspecify.annotations.NullMarked;
