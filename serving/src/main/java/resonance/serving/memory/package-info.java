/** The memory that a model takes in a stock engine: keys and values of a text, and the buffer that llama.cpp computes in. */
@org.jspecify.annotations.NullMarked
package resonance.serving.memory;
