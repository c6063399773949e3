/**
 * LongBench: questions about long texts, from the files of the benchmark, which the user has. Nothing here runs a model.
 *
 * <p>{@link resonance.evaluation.longbench.LongBenchSuite} is version 1, as far as its answers are classes, numbers or a few words
 * of English; {@link resonance.evaluation.longbench.LongBench2Suite} is version 2, all multiple choice. Prompts that are too long
 * lose their middle ({@link resonance.evaluation.longbench.MiddleTruncation}).
 */
@NullMarked
package resonance.evaluation.longbench;

import org.jspecify.annotations.NullMarked;
