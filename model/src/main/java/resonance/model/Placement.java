package resonance.model;

import java.util.Locale;

/** Where an encoding goes in a model that has a scaling of its own. */
public enum Placement {
    /** On top of the model's own, which it was trained with: {@link resonance.rope.ScalingOnTop}. */
    ON_TOP,
    /** In its place. */
    REPLACE;

    /** As options and records write it: {@code on-top}, {@code replace}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
