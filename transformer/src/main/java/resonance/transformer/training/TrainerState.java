package resonance.transformer.training;

/**
 * Everything a {@link Trainer} needs to go on where it stopped.
 *
 * @param step optimiser steps done
 * @param parameters flat trained parameters
 * @param firstMoments AdamW's m, flat
 * @param secondMoments AdamW's v, flat
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of large vectors that is handed on, never compared
public record TrainerState(long step, float[] parameters, float[] firstMoments, float[] secondMoments) {}
