package resonance.evaluation;

/**
 * A model seen only through its teacher-forced predictions: what it holds most likely at each position, given the true
 * tokens before that position.
 *
 * <p>Metrics depend on this interface and on no model, so they can be tested with a few lines of plain Java.
 */
@FunctionalInterface
public interface NextTokenPredictor {

    /**
     * Predicts every token of every sequence from the true tokens before it. The model never sees its own output.
     *
     * @param sequences {@code [row][position]}, token numbers; all rows have the same length
     * @return a new array of the same shape: element {@code [r][l]} is the most likely token at position l of row r
     *     given {@code sequences[r][0 .. l-1]}; at l = 0 it is the model's guess from nothing but a start token
     */
    int[][] predictions(int[][] sequences);
}
