package resonance.transformer.training;

import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.transformer.tensor.Precision;
import resonance.transformer.training.ActivationMemory.Choice;

/**
 * What one pass keeps: {@link ActivationMemory} with its choices made.
 *
 * @param recomputes whether it has one set of activations for all blocks
 * @param blocksAttention whether it never has attention's whole matrices
 */
record PassPlan(boolean recomputes, boolean blocksAttention) {
    /** Everything is kept. */
    static final PassPlan WHOLE = new PassPlan(false, false);

    /** Bytes of attention's matrices in all layers of a pass beyond which it goes by blocks. */
    private static final long MOST_MATRICES = 256L << 20;

    /** Tokens of a sequence beyond which attention goes by blocks. */
    private static final int LONGEST_WHOLE = 1024;

    /** Part of the machine's memory that activations may take, one in so many. */
    private static final int MEMORY_SHARE = 4;

    /** What a pass is to do. */
    record Task(DecoderConfig config, Precision precision, int rows, int length, boolean training, boolean onCpu) {}

    /**
     * The plan of a pass.
     *
     * @param passes so many are kept at a time
     * @param memory of the machine, bytes
     * @throws IllegalArgumentException if something is always to be done that can't be
     */
    static PassPlan of(ActivationMemory wanted, Task task, int passes, long memory) {
        DecoderConfig config = task.config();
        boolean drops = task.training() && config.dropout() > 0;
        boolean softmax = !config.attentionKinds().contains(AttentionKind.LINEAR)
                && config.relativeBias().isEmpty();
        boolean blockable = task.onCpu() && !drops && softmax;
        boolean recomputable = task.training() && task.onCpu() && !drops;
        if (wanted.blockedAttention() == Choice.ALWAYS && !blockable) {
            throw new IllegalArgumentException("blockedAttention must not be always with dropout, linear attention or a"
                    + " learned bias on scores, or on a GPU, was always; leave it to the size");
        }
        if (wanted.recompute() == Choice.ALWAYS && task.training() && !recomputable) {
            throw new IllegalArgumentException(
                    "recompute must not be always with dropout or on a GPU, was always; leave it to the size");
        }
        boolean blocks = blockable
                && chosen(
                        wanted.blockedAttention(), task.length() > LONGEST_WHOLE || matrixBytes(task) > MOST_MATRICES);
        boolean recomputes = recomputable
                && chosen(wanted.recompute(), activationBytes(task, blocks) * passes > memory / MEMORY_SHARE);
        return new PassPlan(recomputes, blocks);
    }

    private static boolean chosen(Choice choice, boolean bySize) {
        return choice == Choice.BY_SIZE ? bySize : choice == Choice.ALWAYS;
    }

    /** Bytes of attention's matrices in all layers. */
    private static long matrixBytes(Task task) {
        return 4L
                * task.config().layers()
                * task.rows()
                * task.config().attention().heads()
                * task.length()
                * task.length();
    }

    /** Bytes of what the blocks of a pass that keeps everything hold. */
    static long activationBytes(Task task, boolean blocks) {
        DecoderConfig config = task.config();
        long compute = task.precision() == Precision.FLOAT32 ? 4 : 2;
        long width = config.width();
        long heads = config.attention().joinedWidth();
        long attended = config.attention().queryWidth();
        long projected = config.feedForward().inputWidth();
        long inner = config.feedForward().kind().gated() ? config.feedForward().width() : 0;
        long norms = config.norms().post() ? 4 : 2;
        long queryKey =
                config.norms().queryKey() ? attended + config.attention().keyWidth() : 0;
        long perToken = 4 * (2 * width + norms * width + heads + attended + queryKey)
                + compute * (2 * width + projected + inner + (compute == 4 ? 0 : attended));
        long tokens = (long) task.rows() * task.length();
        return config.layers() * tokens * perToken + (blocks ? 0 : matrixBytes(task));
    }
}
