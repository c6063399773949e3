package resonance.study;

import java.util.List;
import java.util.Map;

/**
 * A grid of cells to be computed: the plan, and the work of each cell. It knows nothing of where results are kept and
 * of who runs it.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell, a record with a JSON form
 */
public interface Study<K, R> {
    /** What kind of study this is, for example {@code perplexity}. */
    String kind();

    /** The plan as a record with a JSON form: with the finished cells, all that a report is made from. */
    Object plan();

    /** Every setting as text, in the order to show them. */
    Map<String, String> settings();

    /**
     * What a folder may hold one of only, as text by name: a study with other values does not go into it, nor do foreign
     * files. Empty if studies with other settings may share a folder.
     */
    default Map<String, String> identity() {
        return Map.of();
    }

    /** Every cell, in the order of the plan. */
    List<PlannedCell<K>> cells();

    /** The work for the cells that are not finished, in the order in which it is to be done. */
    List<Job<K, R>> jobs(List<PlannedCell<K>> missing);

    Class<R> resultType();
}
