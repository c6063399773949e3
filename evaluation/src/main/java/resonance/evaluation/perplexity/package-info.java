/**
 * Perplexity of language models on long documents: how documents are cut, what is scored, and what comes of it. Nothing
 * here runs a model; losses come in as numbers.
 *
 * <p><b>From a document to a result.</b> A {@link resonance.evaluation.perplexity.PerplexityProtocol} cuts a document's
 * tokens into {@linkplain resonance.evaluation.perplexity.TextWindow windows}. A
 * {@link resonance.evaluation.perplexity.PerplexityMeter} takes the losses of each and ends in a
 * {@link resonance.evaluation.perplexity.PerplexityCell}: one encoding, one length, one document, which is what a run keeps
 * on disk. A {@link resonance.evaluation.perplexity.PerplexityRecord} merges the cells of an encoding and length, and
 * {@link resonance.evaluation.perplexity.PerplexityResults} are the records of a
 * {@linkplain resonance.evaluation.perplexity.PerplexityPlan plan}.
 * A {@link resonance.evaluation.perplexity.PerplexityDifference} holds two encodings against each other on the same windows.
 * {@link resonance.evaluation.perplexity.PerplexityReport} prints all of it and makes a page of it.
 *
 * <pre>{@code
 * PerplexityMeter meter = new PerplexityMeter(length);
 * for (TextWindow window : protocol.windows(document.length, length, bos.isPresent())) {
 *     int[] tokens = window.tokens(document, bos);
 *     meter.add(window, lossesOf(tokens, window.firstScored()));
 * }
 * PerplexityCell cell = meter.cell("yarn", "moby-dick.txt", seconds);
 * }</pre>
 *
 * <table>
 * <caption>The protocols; numbers of different ones are not comparable</caption>
 * <tr><th>name</th><th>windows</th><th>scored</th><th>average over</th></tr>
 * <tr><td>{@link resonance.evaluation.perplexity.EveryTokenOnce token}</td><td>side by side, to the end</td>
 *     <td>every token once</td><td>tokens</td></tr>
 * <tr><td>{@link resonance.evaluation.perplexity.SlidingWindow yarn}</td><td>every 256 tokens</td>
 *     <td>what is new in a window</td><td>windows</td></tr>
 * <tr><td>{@link resonance.evaluation.perplexity.SecondHalves llama.cpp}</td><td>side by side, whole ones only</td>
 *     <td>second halves</td><td>tokens</td></tr>
 * </table>
 *
 * <p>A length counts positions in the model, the beginning-of-sequence token (BOS) included. A loss is −ln p in nats, a
 * perplexity the exponential of a mean loss. Everything but the meter is immutable.
 */
@NullMarked
package resonance.evaluation.perplexity;

import org.jspecify.annotations.NullMarked;
