/**
 * PosGen, the synthetic benchmark of length generalisation, as data: rules, splits and files.
 *
 * <p>Wang et al., "Resonance RoPE: Improving Context Length Generalization of Large Language Models", Findings of ACL 2024,
 * arXiv:2403.00071, section 5. A model that reads a longer text than it was trained on meets two difficulties at once: new
 * positions, and predictions that depend on more text. PosGen removes the second. Each token follows by one fixed rule from
 * j + k earlier tokens, so a token at position 10,000 costs the same to predict as one at position 10, and what accuracy a
 * model loses beyond its trained length is lost to its encoding of positions.
 *
 * <p>Two tasks of others stand beside the paper's, {@link resonance.posgen.AssociativeRecall} and
 * {@link resonance.posgen.FlipFlop}: in them only some tokens are determined, and only those count. What they ask for is found by
 * what it is and not by where it stands, and its distance varies within a sequence.
 *
 * <h2>From the paper's symbols to the code</h2>
 *
 * <table>
 * <caption>Symbols</caption>
 * <tr><th>paper</th><th>code</th><th>meaning</th></tr>
 * <tr><td>m, V</td><td>{@code modulus}</td><td>tokens are 0 ... m-1</td></tr>
 * <tr><td>j</td><td>{@code far}</td><td>far tokens a token depends on</td></tr>
 * <tr><td>k</td><td>{@code near}</td><td>tokens just before it that it depends on; j + k is at least 1</td></tr>
 * <tr><td>h</td><td>{@link resonance.posgen.TokenFunction}</td><td>makes a token of j + k</td></tr>
 * <tr><td>subtask</td><td>{@link resonance.posgen.PosgenTask}</td><td>where the far tokens are</td></tr>
 * <tr><td>L, L'</td><td>{@code trainLength}, {@code testLength}</td><td>tokens in a sequence</td></tr>
 * </table>
 *
 * <h2>The parts</h2>
 *
 * <ul>
 *   <li>{@link resonance.posgen.BenchmarkTask} is a task with its settings, and says which tokens of a sequence count.
 *   <li>{@link resonance.posgen.PosgenSpec} is one rule (task, m, j, k, h) and makes a sequence of any length from its seeds.
 *   <li>{@link resonance.posgen.PosgenSplits} draws the seeds of an experiment and makes its training, validation and test
 *       {@link resonance.posgen.SequenceSet}s. Seeds of rules are uniform over all m^(j+k), never drawn twice, and determined by one
 *       number. Its compatibility mode gives the data of the authors' generator byte for byte.
 *   <li>{@link resonance.posgen.PosgenFiles} writes them, with a {@link resonance.posgen.PosgenManifest} that holds
 *       parameters, seed and hashes.
 * </ul>
 *
 * <pre>{@code
 * PosgenSpec spec = PosgenSpec.paper(PosgenTask.CHAIN_OF_THOUGHT);
 * PosgenSplits splits = PosgenSplits.draw(spec, 10_000, 1_000, 1_000, 64, 256, 42);
 * PosgenFiles.write(splits, SequenceFormat.TEXT, Path.of("data"));
 * }</pre>
 *
 * <h2>Where this differs from the authors' code</h2>
 *
 * <ul>
 *   <li>There, validation and test rows are rows of the training set, and only sorted combinations of seeds occur, 2,380 of
 *       17^4 = 83,521; the paper says that seeds never overlap, and here they do not.
 *   <li>The function on a salted string hash is left out, since no two of its runs agree.
 *   <li>A token outside the vocabulary is an error.
 * </ul>
 *
 * <p>An argument outside its stated range is an {@link java.lang.IllegalArgumentException} that names it, the rule and the
 * value; null is a {@link java.lang.NullPointerException} and a row that is not there an
 * {@link java.lang.IndexOutOfBoundsException}.
 *
 * <p>The package depends on nothing but the JDK. Its records and {@link resonance.posgen.SequenceSet} are immutable and may
 * be shared between threads.
 */
package resonance.posgen;
