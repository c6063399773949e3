/**
 * How a decoder tells positions apart: {@link resonance.transformer.position.PositionEncoding} says what an encoding does at
 * the three places where one can act, in plain Java, and {@link resonance.transformer.position.PositionTensors} has its tables
 * for training and inference.
 *
 * <p>A new encoding is one implementation of the interface; neither training nor inference has to know it.
 */
@org.jspecify.annotations.NullMarked
package resonance.transformer.position;
