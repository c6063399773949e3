package resonance.transformer.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a {@link TrainingLoop} trains for: where its batches come from, and what is to be done on the way. */
public interface TrainingClient {
    /** The batch of a step, counted from 0; it must depend on the step alone, or a resumed training goes another way. */
    TokenBatch batch(long step);

    /** A damaged checkpoint was put aside, and training begins anew; the line says what was wrong and where it is kept. */
    default void checkpointSetAside(String line) {}

    /** Training begins at this step: 0, or where a checkpoint ended. */
    default void started(long step) {}

    /** A step is done. */
    default void stepped(TrainingProgress progress) {}

    /** Whether to call {@link #validate} once so many steps are done. */
    default boolean validatesAfter(long stepsDone) {
        return false;
    }

    /** Measures the decoder as it is. */
    default void validate(long stepsDone) {}

    /** Puts what it wants back by {@link #restore} into an empty object. */
    default void save(ObjectNode state) {}

    /** Takes back what it saved. */
    default void restore(JsonNode state) {}
}
