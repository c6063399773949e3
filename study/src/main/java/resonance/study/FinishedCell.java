package resonance.study;

import java.util.Objects;

/**
 * A cell's result together with what it is a result of, and with what, where and when it was made.
 *
 * <p>Its JSON form is a document with the keys {@code specification}, {@code madeBy} and {@code result}.
 *
 * @param specification everything that could have changed the result
 * @param madeBy the run that finished it
 * @param result what was measured
 */
public record FinishedCell<R>(CellSpecification specification, Provenance madeBy, R result) {
    public FinishedCell {
        Objects.requireNonNull(specification, "specification must not be null");
        Objects.requireNonNull(madeBy, "madeBy must not be null");
        Objects.requireNonNull(result, "result must not be null");
    }
}
