/**
 * RULER: tasks made by seed at any length, of which a model must find, follow or count words in a long text. Nothing here runs
 * a model; tokens are counted by whoever asks, and answers come in as text.
 *
 * <p>A {@link resonance.evaluation.ruler.RulerSuite} opens a {@link resonance.evaluation.ruler.RulerTask}, which makes samples
 * from {@link resonance.evaluation.ruler.RulerSettings}; {@link resonance.evaluation.ruler.StringMatch} scores an answer.
 *
 * <p><b>The same samples.</b> NVIDIA's scripts draw from CPython's and NumPy's generators, and every draw depends on those
 * before it, the search for the length included. {@link resonance.evaluation.ruler.PythonRandom} and
 * {@link resonance.evaluation.ruler.NumpyRandom} draw the same numbers, and the tasks draw in the same order. So with the same
 * tokenizer and the words of the package wonderwords, the samples are those of NVIDIA's scripts; with the words that come with
 * this project they are of the same kind and scored the same. Only sentences of prose end by a rule of our own
 * ({@link resonance.evaluation.ruler.Sentences}). From 1,024 tokens on; below, prompts are made to fit where NVIDIA's scripts would
 * try for ever.
 */
@NullMarked
package resonance.evaluation.ruler;

import org.jspecify.annotations.NullMarked;
