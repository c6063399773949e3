/**
 * Metrics, run records and their summaries: everything between a trained model and the table a researcher reads.
 *
 * <p><b>Metrics.</b> A model is known here only as a {@link resonance.evaluation.NextTokenPredictor}.
 * {@link resonance.evaluation.AccuracyByPosition} counts its hits and derives ID and OOD accuracy.
 *
 * <p><b>Records.</b> A {@link resonance.evaluation.ComparisonCell} is one finished training run; its JSON form is read back
 * strictly. A {@link resonance.evaluation.Comparison} is made of a study's {@linkplain resonance.study.StudyRecords
 * records}: the {@linkplain resonance.evaluation.ComparisonPlan plan}, the settings and the cells finished so far. Its JSON
 * document is for others to read, and written {@linkplain resonance.study.AtomicFile whole or not at all}; a comparison
 * itself is read from the study's folder again.
 *
 * <p><b>Summaries.</b> {@link resonance.evaluation.Summary} describes one quantity over seeds,
 * {@link resonance.evaluation.PairedDifference} what one treatment changes within the same seeds, {@link
 * resonance.evaluation.Interval} how sure that is, {@link resonance.evaluation.Verdict} what it decides, and {@link
 * resonance.evaluation.Contrast} what is measured against what. The package {@code comparison} prints them in a terminal and
 * makes a page of them.
 *
 * <p><b>Language models.</b> The packages {@code perplexity} and {@code passkey} measure a
 * {@linkplain resonance.evaluation.MeasuredModel model} on long texts: protocols, prompts, records and tables, each with a
 * page of its own. Benchmarks of questions and answers share the package {@code task}; {@code leval}, {@code ruler} and
 * {@code longbench} are suites of it, and {@code task.study} makes a study of any.
 *
 * <table>
 * <caption>Words of the paper (Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, sections 5 and 6.1)</caption>
 * <tr><th>paper</th><th>here</th></tr>
 * <tr><td>L, trained length in tokens</td><td>{@code trainedLength}</td></tr>
 * <tr><td>L', test length in tokens</td><td>{@code testLength}</td></tr>
 * <tr><td>j + k, first tokens of a sequence, which follow no rule</td><td>{@code seedTokens}</td></tr>
 * <tr><td>position l, L &lt; l &lt;= L', counted from 1</td><td>position l, trainedLength &lt;= l &lt; testLength, from 0</td></tr>
 * <tr><td>subtask</td><td>{@code task}: recursive, cot, semi-recursive</td></tr>
 * <tr><td>mean ± variance (table 1)</td><td>mean ± standard deviation, in percent</td></tr>
 * <tr><td>"generation" (authors' code)</td><td>teacher-forced next-token accuracy; nothing is generated</td></tr>
 * </table>
 *
 * <p>Accuracies are fractions from 0 to 1 everywhere; only text for people is in percent. Every type here is immutable, so
 * all may be shared between threads.
 */
@NullMarked
package resonance.evaluation;

import org.jspecify.annotations.NullMarked;
