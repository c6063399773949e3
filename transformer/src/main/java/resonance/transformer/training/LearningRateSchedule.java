package resonance.transformer.training;

/** The learning rate of each optimiser step, and Adam's β1 where it goes with it. Implementations are values. */
public interface LearningRateSchedule {
    /**
     * The learning rate of a step, counted from 0.
     *
     * @throws IllegalArgumentException if the step is none of the schedule's
     */
    double learningRate(long step);

    /** Adam's β1 at a step: {@code fixed}, the optimiser's own, unless the schedule cycles it. */
    default double beta1(long step, double fixed) {
        return fixed;
    }
}
