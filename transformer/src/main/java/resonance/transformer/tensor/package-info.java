/**
 * Native tensors and who owns them: what training and inference stand on.
 *
 * <p>{@link resonance.transformer.tensor.LibTorch} loads the library once; {@link
 * resonance.transformer.tensor.ComputeDevice} and {@link resonance.transformer.tensor.Precision} say where and in which
 * format products are made. A {@link resonance.transformer.tensor.TensorArena} owns what outlives an operation and frees it
 * when closed; everything else dies with the {@code PointerScope} around the operation. {@link
 * resonance.transformer.tensor.Workers} are the threads on which native code runs, and {@link
 * resonance.transformer.tensor.DecoderTensors} a decoder's parameters as the matrices that its passes multiply by. {@link
 * resonance.transformer.tensor.ForwardWork} counts the work of a pass, {@link resonance.transformer.tensor.WorkSpeed} tells how fast
 * such work goes on this machine.
 */
@org.jspecify.annotations.NullMarked
package resonance.transformer.tensor;
