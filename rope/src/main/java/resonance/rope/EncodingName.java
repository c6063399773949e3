package resonance.rope;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * An encoding as people name it: a scaling's name, with {@code resonance-} before it if {@link Resonance} is over it, or
 * {@code resonance-p64-}, {@code resonance-x16-} or {@code resonance-searched-} with another {@linkplain Rounding rule} for its
 * periods.
 *
 * <p>Equal if the text is; ordered by the scaling's name, the one without Resonance first and then by bound. {@link #valueOf} reads what
 * {@link #toString} writes.
 *
 * @param method the scaling
 * @param rounding what is done to wavelengths after it
 */
public record EncodingName(ScalingMethod method, Rounding rounding) implements Comparable<EncodingName> {
    /** What stands before a scaling's name if Resonance is over it. */
    public static final String RESONANCE = "resonance-";

    private static final Comparator<EncodingName> ORDER = Comparator.comparing(
                    (EncodingName encoding) -> encoding.method.name())
            .thenComparing(encoding -> encoding.rounding.kind())
            .thenComparing(encoding -> encoding.rounding.bound());

    public EncodingName {
        requireNonNull(method, "method must not be null");
        requireNonNull(rounding, "rounding must not be null");
    }

    /** A scaling, with whole wavelengths or as it is. */
    public EncodingName(ScalingMethod method, boolean resonance) {
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

    /** Whether wavelengths are rounded after the scaling, with whatever bound. */
    public boolean resonance() {
        return !rounding.isNone();
    }

    /** The same scaling with whole wavelengths. */
    public EncodingName withResonance() {
        return new EncodingName(method, Rounding.WHOLE);
    }

    /** The scaling alone. */
    public EncodingName withoutResonance() {
        return new EncodingName(method, Rounding.NONE);
    }

    /** For tables and charts: "RoPE", "Resonance YaRN". */
    public String label() {
        return (resonance() ? method.resonanceLabel() : method.label()) + rounding.label();
    }

    /**
     * The encoding with these settings.
     *
     * @throws Refusal if the scaling refuses them
     */
    public RopeScaling scaling(ScalingSettings settings) {
        return rounding.after(method.scaling(settings));
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
