package resonance.transformer.training;

import static java.util.Objects.requireNonNull;

/**
 * What a pass keeps of its way forward for the gradient, in memory, or makes anew, in time. Either way the function is the same;
 * sums are taken in another order, so the last bits differ.
 *
 * <p>Recomputing ("activation checkpointing"; Chen et al., 2016, arXiv:1604.06174, section 4.1) keeps what enters each block, and
 * makes the block's activations again when the gradient comes to it: one set of them for all blocks, for a third more time.
 *
 * <p>Attention in blocks never has the weights of all queries and keys (Dao et al., 2022, arXiv:2205.14135), so memory grows with
 * the length and not with its square.
 *
 * <p>{@link Choice#BY_SIZE}, for a pass of B sequences of T tokens: attention in blocks where its matrices in all layers, 4 L B H T²
 * bytes, exceed 256 MiB or T exceeds 1,024; recomputing where the activations of all passes at a time exceed a quarter of the
 * machine's memory. With dropout, and on a GPU, neither; with linear attention or a learned bias on scores no blocks of attention.
 *
 * @param recompute whether blocks are recomputed
 * @param blockedAttention whether attention goes by blocks of queries
 */
public record ActivationMemory(Choice recompute, Choice blockedAttention) {
    /** When to do something. */
    public enum Choice {
        BY_SIZE,
        ALWAYS,
        NEVER
    }

    /** Both as the size has it. */
    public static final ActivationMemory BY_SIZE = new ActivationMemory(Choice.BY_SIZE, Choice.BY_SIZE);

    public ActivationMemory {
        requireNonNull(recompute, "recompute must not be null");
        requireNonNull(blockedAttention, "blockedAttention must not be null");
    }
}
