/** The memory that a model takes in a stock engine: weights, and keys and values of a text. */
@org.jspecify.annotations.NullMarked
package resonance.serving.memory;
