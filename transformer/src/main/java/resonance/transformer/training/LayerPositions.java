package resonance.transformer.training;

import org.bytedeco.pytorch.Tensor;

/**
 * What a position encoding does in one layer to a pass of T tokens a sequence.
 *
 * @param rotation of query and key heads beside each other, (T, (H + K) S/2) complex; queries' times the logit scale
 * @param rotationBack its conjugates; without rows where there is no backward direction
 * @param mask added to the scores, (1 or H, T, T): −∞ where a query (row) may not see a key (column), else the bias
 */
record LayerPositions(Tensor rotation, Tensor rotationBack, Tensor mask) {}
