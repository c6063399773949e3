package resonance.transformer.training;

/**
 * Everything a {@link Trainer} needs to go on where it stopped.
 *
 * @param step optimiser steps done
 * @param parameters flat trained parameters
 * @param firstMoments AdamW's m, flat
 * @param secondMoments AdamW's v, flat
 */
public record TrainerState(long step, FloatVector parameters, FloatVector firstMoments, FloatVector secondMoments) {
    /** Of arrays, which are not copied. */
    public TrainerState(long step, float[] parameters, float[] firstMoments, float[] secondMoments) {
        this(step, FloatVector.of(parameters), FloatVector.of(firstMoments), FloatVector.of(secondMoments));
    }
}
