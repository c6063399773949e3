package resonance.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where finished cells are kept, found again by their specification. */
public interface CellStore<R> {
    /** The finished cell, if it is there and whole; what is there and damaged is put aside. */
    Optional<FinishedCell<R>> find(PlannedCell<?> cell) throws IOException;

    /** Keeps a finished cell, in place of a former one. */
    void keep(PlannedCell<?> cell, FinishedCell<R> finished) throws IOException;

    /** Takes down which cells the study consists of as far as that is known, finished or not, so that readers find them. */
    void know(List<? extends PlannedCell<?>> cells) throws IOException;

    /** Where work on the cell that is not finished may keep its state. */
    Path checkpoint(PlannedCell<?> cell);
}
