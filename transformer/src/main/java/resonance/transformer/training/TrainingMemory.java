package resonance.transformer.training;

import resonance.decoder.ParameterLayout;
import resonance.transformer.tensor.MachineMemory;
import resonance.transformer.tensor.Precision;
import resonance.transformer.training.PassPlan.Task;

/**
 * About how many bytes a training needs on the CPU, before it begins.
 *
 * <pre>
 *   weights       4 P, and 2 P in bfloat16 for the products
 *   optimiser     4 T (threads + 2): a gradient for each thread, AdamW's two moments
 *   copy          4 P for the parameters while they are measured or written, and 4 P, in bfloat16 2 P, for the decoder that is run
 *                 on held-out text
 *   activations   what each thread's pass keeps for the gradient ({@link ActivationMemory}) </pre>
 *
 * <p>P parameters, of which T are trained. Logits, the tables of positions and the program itself are left out: together less
 * than a gigabyte.
 *
 * @param weights bytes of the parameters
 * @param optimiser bytes of gradients and moments
 * @param copy bytes of the parameters once more, as a copy and as a decoder that is only run
 * @param activations bytes of all passes at a time
 * @param recomputes whether the passes make activations anew
 */
public record TrainingMemory(long weights, long optimiser, long copy, long activations, boolean recomputes) {
    /**
     * The need of a training.
     *
     * @param rows sequences of a batch
     * @param length tokens of each
     */
    public static TrainingMemory of(ParameterLayout layout, TrainerSettings settings, int rows, int length) {
        int threads = settings.threads();
        int passRows = BatchPasses.passRows(rows, length, threads);
        int passes = Math.min(threads, (rows - 1) / passRows + 1);
        Task task = new Task(layout.config(), settings.precision(), passRows, length, true, true);
        PassPlan plan = PassPlan.of(
                settings.activations(), task, passes, MachineMemory.now().total());
        long kept = PassPlan.activationBytes(task, plan.blocksAttention());
        if (plan.recomputes()) {
            int layers = layout.config().layers();
            kept = kept / layers
                    + 4L * layers * passRows * length * layout.config().width();
        }
        boolean narrow = settings.precision() != Precision.FLOAT32;
        return new TrainingMemory(
                (narrow ? 6 : 4) * layout.size(),
                4 * layout.trainedSize() * (threads + 2),
                (narrow ? 6 : 8) * layout.size(),
                passes * kept,
                plan.recomputes());
    }

    /** All together, bytes. */
    public long bytes() {
        return weights + optimiser + copy + activations;
    }
}
