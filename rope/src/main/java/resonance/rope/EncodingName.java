package resonance.rope;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.Optional;

/**
 * An encoding as people name it: a scaling's name, with {@code resonance-} before it if {@link Resonance} is over it, or
 * {@code resonance-p64-}, {@code resonance-x16-} or {@code resonance-searched-} with another {@linkplain Rounding rule} for its
 * periods; the name of one that does not {@linkplain #rotates rotate}, which has no wavelengths to round; or of a {@linkplain
 * RemapMethod remap} of positions.
 *
 * <p>Equal if the text is; ordered by the method's name, the one without Resonance first and then by bound. {@link #valueOf} reads what
 * {@link #toString} writes.
 *
 * @param method the scaling, what does not rotate, or the remap
 * @param rounding what is done to wavelengths after it
 */
public record EncodingName(EncodingMethod method, Rounding rounding) implements Comparable<EncodingName> {
    /** What stands before a scaling's name if Resonance is over it. */
    public static final String RESONANCE = "resonance-";

    private static final Comparator<EncodingName> ORDER = Comparator.comparing(
                    (EncodingName encoding) -> encoding.method.name())
            .thenComparing(encoding -> encoding.rounding.kind())
            .thenComparing(encoding -> encoding.rounding.bound());

    public EncodingName {
        requireNonNull(method, "method must not be null");
        requireNonNull(rounding, "rounding must not be null");
        if (!rounding.isNone() && !(method instanceof ScalingMethod)) {
            String rule = method instanceof NonRotaryMethod ? "must be one that rotates" : "must be a scaling";
            throw Refusal.was(
                            "encoding",
                            rule + " to have " + RESONANCE + " before it",
                            "'" + rounding.prefix() + method.name() + "'")
                    .cure("take '" + method.name() + "'");
        }
    }

    /** A scaling, with whole wavelengths or as it is. */
    public EncodingName(EncodingMethod method, boolean resonance) {
        this(method, resonance ? Rounding.WHOLE : Rounding.NONE);
    }

    /**
     * The encoding of a name in any vocabulary: {@code rope}, {@code none}, {@code yarn}, {@code resonance-model}, ...
     *
     * @throws Refusal if the name is unknown, with the known ones and the nearest of them
     */
    public static EncodingName valueOf(String name) {
        return RopeEncodings.everyWord().encoding(name);
    }

    /** What a name in a file says of rounding, though its scaling be unknown; {@link Rounding#NONE} if it says none. */
    public static Rounding roundingOf(String name) {
        try {
            return valueOf(name).rounding();
        } catch (IllegalArgumentException unknown) {
            return Rounding.NONE;
        }
    }

    /** Whether wavelengths are rounded after the scaling, with whatever bound. */
    public boolean resonance() {
        return !rounding.isNone();
    }

    /** The scaling; empty for an encoding that does not rotate. */
    public Optional<ScalingMethod> scalingMethod() {
        return method instanceof ScalingMethod scaling ? Optional.of(scaling) : Optional.empty();
    }

    /** Whether it is RoPE, with a scaling or without: only then has it frequencies, and may wavelengths be rounded. */
    public boolean rotates() {
        return method instanceof ScalingMethod;
    }

    /** The remap of positions; empty for other encodings. */
    public Optional<RemapMethod> remapMethod() {
        return method instanceof RemapMethod remap ? Optional.of(remap) : Optional.empty();
    }

    /**
     * The same scaling with whole wavelengths.
     *
     * @throws Refusal if it does not rotate
     */
    public EncodingName withResonance() {
        return new EncodingName(method, Rounding.WHOLE);
    }

    /** The scaling alone. */
    public EncodingName withoutResonance() {
        return new EncodingName(method, Rounding.NONE);
    }

    /** For tables and charts: "RoPE", "Resonance YaRN". */
    public String label() {
        return scalingMethod()
                        .filter(scaling -> resonance())
                        .map(ScalingMethod::resonanceLabel)
                        .orElse(method.label())
                + rounding.label();
    }

    /**
     * The encoding with these settings.
     *
     * @throws Refusal if the scaling refuses them, or it does not rotate
     */
    public RopeScaling scaling(ScalingSettings settings) {
        ScalingMethod scaling = scalingMethod()
                .orElseThrow(() -> Refusal.was("encoding", "must be one that rotates", "'" + this + "'"));
        return rounding.after(scaling.scaling(settings));
    }

    @Override
    public int compareTo(EncodingName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodingName that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The name. */
    @Override
    public String toString() {
        return rounding.prefix() + method.name();
    }
}
