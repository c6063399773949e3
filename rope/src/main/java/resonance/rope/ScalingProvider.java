package resonance.rope;

import java.util.List;

/**
 * Scalings of a jar of your own, found by {@link java.util.ServiceLoader}.
 *
 * <p>Put a class with a public constructor without arguments into the jar, its name into the jar's file
 * {@code META-INF/services/resonance.rope.ScalingProvider}, and the jar on the class path: its methods then have names,
 * options and help like those of this package, and {@code resonance-} before them.
 */
public interface ScalingProvider {
    /** The methods, in the order to show them. */
    List<ScalingMethod> methods();
}
