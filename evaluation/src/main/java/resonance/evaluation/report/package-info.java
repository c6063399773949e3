/**
 * What the pages of all experiments share: names and looks of encodings, tables and charts by length, provenance, wording.
 * Each experiment composes its {@link resonance.evaluation.report.Report} of these beside its results, in
 * {@code comparison}, {@code perplexity} and {@code passkey}; pages as such are the module {@code report}'s.
 *
 * <p>On every page, an encoding with whole wavelengths and one without Resonance share a colour and differ in stroke; other bounds on
 * periods have a colour each.
 */
@NullMarked
package resonance.evaluation.report;

import org.jspecify.annotations.NullMarked;
