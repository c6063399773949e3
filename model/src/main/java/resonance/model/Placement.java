package resonance.model;

/** Where an encoding goes in a model that has a scaling of its own. */
public enum Placement {
    /** On top of the model's own, which it was trained with: {@link resonance.rope.ScalingOnTop}. */
    ON_TOP,
    /** In its place. */
    REPLACE
}
