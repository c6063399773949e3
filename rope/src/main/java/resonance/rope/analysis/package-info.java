/**
 * What frequencies say about positions beyond the trained length, without a model and without training anything: which
 * features turn fully within it, how far later positions fall from what training covered ({@link
 * resonance.rope.analysis.FeatureAnalysis}), all features of an encoding side by side ({@link
 * resonance.rope.analysis.EncodingAnalysis}), the distances at which far tokens look like near ones ({@link
 * resonance.rope.analysis.Aliases}), and one feature's angles ({@link resonance.rope.analysis.FeatureAngles}).
 *
 * <p>Terms and symbols are those of {@link resonance.rope}. Everything here is immutable and may be shared.
 */
package resonance.rope.analysis;
