package resonance.evaluation;

/**
 * The coordinates of one training run in a comparison.
 *
 * @param task PosGen subtask, for example {@code cot}
 * @param encoding position encoding, for example {@code resonance-yarn}
 * @param seed seed of data, initial weights and dropout
 */
public record CellKey(String task, String encoding, long seed) {

    public CellKey {
        requireName("task", task);
        requireName("encoding", encoding);
    }

    @Override
    public String toString() {
        return task + " / " + encoding + " / seed " + seed;
    }

    private static void requireName(String what, String name) {
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    what + " must be lower-case words joined by hyphens, was \"" + name + "\"");
        }
    }
}
