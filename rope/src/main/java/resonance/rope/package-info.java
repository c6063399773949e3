/**
 * Rotary position encodings: which frequency every pair gets, the tables of cosine and sine, applying them, and what
 * can be said about them without training anything. Pure Java, no dependencies.
 *
 * <p><b>The path of a value.</b> A {@link resonance.rope.RopeScaling} turns a {@link resonance.rope.RopeShape} (head
 * size, base, trained length, current length) into {@link resonance.rope.RopeFrequencies} (radians per token, whole
 * periods, attention scale), the only currency between methods and their users. A {@link resonance.rope.RotaryTable}
 * turns frequencies and positions into cosines and sines, and a {@link resonance.rope.Rotation} applies those to rows
 * of floats.
 *
 * <pre>{@code
 * RopeShape shape = RopeShape.of(128, 10_000, 4096);
 * RopeScaling scaling = new Resonance(new YarnScaling(8));
 * RopeFrequencies frequencies = scaling.frequencies(shape);
 * RotaryTable table = RotaryTable.of(frequencies);
 * Rotation.fast(PairLayout.HALF_SPLIT, 128, 64).rotateAt(queries, heads, firstPosition, table);
 * }</pre>
 *
 * <p><b>One method, one record.</b> {@link resonance.rope.NoScaling}, {@link resonance.rope.LinearScaling},
 * {@link resonance.rope.NtkAwareScaling}, {@link resonance.rope.AdjustedBaseScaling},
 * {@link resonance.rope.DynamicNtkScaling}, {@link resonance.rope.NtkByPartsScaling},
 * {@link resonance.rope.YarnScaling}, {@link resonance.rope.PaperYarnScaling},
 * {@link resonance.rope.DynamicYarnScaling}, {@link resonance.rope.LongRopeScaling},
 * {@link resonance.rope.Llama3Scaling}, {@link resonance.rope.ProportionalScaling},
 * {@link resonance.rope.CriticalNtkScaling}, {@link resonance.rope.MixedRadixScaling} and
 * {@link resonance.rope.ClippedScaling}; each states its formula and
 * source. {@link resonance.rope.Resonance} wraps any of them, with the periods that a {@link resonance.rope.Rounding} asks for;
 * {@link resonance.rope.NearReturn} says at which distances far tokens look like near ones. No method caches but the search
 * for periods: those whose frequencies change with the length say so, and are asked again.
 *
 * <p><b>Names.</b> {@link resonance.rope.RopeEncodings} is the catalogue: of each method its {@link
 * resonance.rope.ScalingMethod} (name, label, source, {@link resonance.rope.Parameter parameters}), which stands beside its
 * formula. A name with {@code resonance-} before it or not is an {@link resonance.rope.EncodingName}, and {@link
 * resonance.rope.ScalingSettings} hold what is not at its default. Methods of your own, from a jar of your own, take part by
 * {@link resonance.rope.ScalingProvider}.
 *
 * <p><b>Words and symbols</b> (Wang et al., "Resonance RoPE", 2024, arXiv:2403.00071, section 3):
 *
 * <pre>
 *   pair, feature   two dimensions rotated together; index j, 0 .. d/2-1
 *   d               headSize: dimensions of a head that rotate
 *   b               base                                L, L'  trainedLength, targetLength, tokens
 *   theta_j         radiansPerToken                     s      factor
 *   lambda_j        wavelength, 2*pi/theta_j tokens     c      critical feature: the first with lambda_c at least L
 *   lambda~_j       periodTokens: a wavelength that is a whole number </pre>
 *
 * <p>{@link resonance.rope.analysis} says what frequencies mean for a model, and {@link resonance.rope.huggingface} reads and
 * writes them as configurations have them; {@link resonance.rope.gguf} reads them as GGUF files have them.
 *
 * <p><b>Precision.</b> Frequencies are double. Where the wavelength is whole, an angle comes from (position mod
 * wavelength) and repeats bit for bit; elsewhere position times frequency is kept in twice the precision of double
 * until it is reduced. Either way a cosine or sine is rounded to float once, at the end.
 *
 * <p><b>Errors.</b> An argument outside its stated range, or an array that does not fit, is an
 * {@link java.lang.IllegalArgumentException} that names it, the rule and the value, as a {@link resonance.rope.Refusal} where
 * a person may have given it; null is a
 * {@link java.lang.NullPointerException} and a pair that is not there an {@link java.lang.IndexOutOfBoundsException}.
 *
 * <p><b>Threads.</b> Everything here is immutable and may be shared.
 */
package resonance.rope;
