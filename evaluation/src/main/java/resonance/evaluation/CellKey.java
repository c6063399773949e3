package resonance.evaluation;

import static java.util.Objects.requireNonNull;

import resonance.rope.EncodingName;

/**
 * The coordinates of one training run in a comparison.
 *
 * @param task PosGen subtask, for example {@code cot}
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param seed seed of data, initial weights and dropout
 */
public record CellKey(String task, EncodingName encoding, long seed) {

    public CellKey {
        if (!task.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("task must be lower-case words joined by hyphens, was \"" + task + "\"");
        }
        requireNonNull(encoding, "encoding must not be null");
    }

    @Override
    public String toString() {
        return task + " / " + encoding + " / seed " + seed;
    }
}
