/**
 * Benchmarks: of JMH, and programs that {@code compare-training} and {@code compare-perplexity} run in turn with others.
 */
package resonance.benchmarks;
