package resonance.study;

import java.util.List;

/**
 * A study whose later cells follow from the results of earlier ones, such as a search.
 *
 * <p>A run asks for the next cells, does the first of them, and asks again with its result. What is asked is a pure function, so
 * a run that was stopped comes by the results that are kept to the same cells, and goes on where it was.
 *
 * @param <K> coordinates of a cell
 * @param <R> result of a cell, a record with a JSON form
 */
public interface AdaptiveStudy<K, R> extends Study<K, R> {
    /**
     * What is to be done next. The first cell is done before this is asked again; the others tell how much work is known to be
     * left. The same results give the same cells, and none that is finished.
     *
     * @param results of the finished cells, in the order in which they were first asked for
     * @return empty once nothing is left to do
     */
    List<PlannedCell<K>> next(List<R> results);

    /**
     * What can be done at one time: the first of what is {@linkplain #next next}, and cells that are to be done whatever comes out
     * of it. Done in any order they lead to the same end as one after the other.
     */
    default List<PlannedCell<K>> wave(List<R> results) {
        return next(results).stream().limit(1).toList();
    }

    /** Announces work that is expected to follow on what was given last as next, for the time left. */
    default void planLater(Job.Workload workload) {}

    /** The cells that are known before there is any result. */
    @Override
    default List<PlannedCell<K>> cells() {
        return next(List.of());
    }
}
