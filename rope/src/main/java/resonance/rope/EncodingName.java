package resonance.rope;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * An encoding as people name it: a scaling's name, with {@code resonance-} before it if {@link Resonance} is over it.
 *
 * <p>Equal if the text is; ordered by the scaling's name, the one without Resonance first. {@link #valueOf} reads what
 * {@link #toString} writes.
 *
 * @param method the scaling
 * @param resonance whether wavelengths are rounded after it
 */
public record EncodingName(ScalingMethod method, boolean resonance) implements Comparable<EncodingName> {
    /** What stands before a scaling's name if Resonance is over it. */
    public static final String RESONANCE = "resonance-";

    private static final Comparator<EncodingName> ORDER = Comparator.comparing(
                    (EncodingName encoding) -> encoding.method.name())
            .thenComparing(EncodingName::resonance);

    public EncodingName {
        requireNonNull(method, "method must not be null");
    }

    /**
     * The encoding of a name in any vocabulary: {@code rope}, {@code none}, {@code yarn}, {@code resonance-model}, ...
     *
     * @throws Refusal if the name is unknown, with the known ones and the nearest of them
     */
    public static EncodingName valueOf(String name) {
        return RopeEncodings.everyWord().encoding(name);
    }

    /** The same scaling with Resonance over it. */
    public EncodingName withResonance() {
        return new EncodingName(method, true);
    }

    /** The scaling alone. */
    public EncodingName withoutResonance() {
        return new EncodingName(method, false);
    }

    /** For tables and charts: "RoPE", "Resonance YaRN". */
    public String label() {
        return resonance ? method.resonanceLabel() : method.label();
    }

    /**
     * The encoding with these settings.
     *
     * @throws Refusal if the scaling refuses them
     */
    public RopeScaling scaling(ScalingSettings settings) {
        RopeScaling scaling = method.scaling(settings);
        return resonance ? new Resonance(scaling) : scaling;
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
        return (resonance ? RESONANCE : "") + method.name();
    }
}
