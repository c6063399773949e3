package resonance.transformer.training;

import java.time.Duration;

/**
 * How far a training is.
 *
 * @param step optimiser steps done, those before a checkpoint included
 * @param totalSteps steps of the whole training
 * @param loss mean loss of the last batch, nats a token
 * @param tokensPerSecond speed since this run of the training began
 * @param timeLeft at this speed
 */
public record TrainingProgress(long step, long totalSteps, double loss, double tokensPerSecond, Duration timeLeft) {}
