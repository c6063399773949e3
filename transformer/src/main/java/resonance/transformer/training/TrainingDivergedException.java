package resonance.transformer.training;

/**
 * Thrown where a training has no numbers left to go on from: a loss or a parameter that is NaN or infinite. Nothing of that
 * state is kept; a checkpoint from before stays as it was.
 */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * @param what "loss", "validation loss", ...
     * @param value NaN or infinite
     * @param step of the optimiser, counted from 1, after which it was found
     */
    public TrainingDivergedException(String what, double value, long step) {
        super(what + " must be a finite number, was " + value + " at step " + step
                + "; the training has diverged: take a lower learning rate or a longer warm-up, in a new folder");
    }

    /** The value, if it is a number to go on from. */
    public static double require(String what, double value, long step) {
        if (!Double.isFinite(value)) {
            throw new TrainingDivergedException(what, value, step);
        }
        return value;
    }
}
