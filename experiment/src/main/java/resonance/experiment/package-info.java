/**
 * Experiments that train short and test long.
 *
 * <p>{@link resonance.experiment.PosgenComparison} runs the paper's main experiment (Wang et al. 2024, section 6.1): for
 * every task, encoding and seed it draws PosGen data, trains a decoder on sequences of the trained length L and measures
 * teacher-forced accuracy on sequences of length L' &gt; L. {@link resonance.experiment.ComparisonSettings} holds every
 * setting; its presets are the paper's experiment and a small one for a laptop.
 *
 * <p>Within a seed, all encodings see the same data in the same order, start from the same parameters and drop the same
 * elements, so differences between encodings are paired.
 *
 * <p>Everything done is kept: each finished cell is a file, each running cell has a checkpoint, and a second run in the
 * same folder does only what is missing. A cell that was stopped and continued ends with the same bits as one that was not.
 */
@org.jspecify.annotations.NullMarked
package resonance.experiment;
