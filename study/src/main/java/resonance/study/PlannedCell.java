package resonance.study;

import java.util.Objects;

/**
 * One cell of a study's grid, finished or not.
 *
 * @param key the coordinates by which the study knows it; its text is what people are shown
 * @param label the coordinates as they stand in a file's name
 * @param specification everything that can change its result
 */
public record PlannedCell<K>(K key, String label, CellSpecification specification) {
    public PlannedCell {
        Objects.requireNonNull(key, "key must not be null");
        Objects.requireNonNull(label, "label must not be null");
        Objects.requireNonNull(specification, "specification must not be null");
    }

    /** The name of this cell's files, without an ending. */
    public String fileName() {
        return specification.fileName(label);
    }
}
