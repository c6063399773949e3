package resonance.transformer.training;

import java.util.OptionalDouble;

/**
 * How far a training is.
 *
 * @param step optimiser steps done, those before a checkpoint included
 * @param totalSteps steps of the whole training
 * @param loss mean loss of the last batch, nats a token
 * @param tokensPerSecond speed since this run of the training began
 * @param timeLeft until the last step, as fast as the last minute of training, s; empty until a second has been trained
 */
public record TrainingProgress(
        long step, long totalSteps, double loss, double tokensPerSecond, OptionalDouble timeLeft) {}
