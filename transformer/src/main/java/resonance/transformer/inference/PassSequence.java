package resonance.transformer.inference;

/**
 * Consecutive tokens of one text that go through the decoder together with others'.
 *
 * @param tokens their ids
 * @param firstRow row of the first of them in the pass's matrices
 * @param firstPosition its position in the text; those before it are in the store already
 * @param storeBase row of the store that holds the text's position 0
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle that is handed on, never compared
record PassSequence(int[] tokens, int firstRow, int firstPosition, int storeBase) {
    /** A run of at most {@link FrozenPass#BLOCK} rows: what a worker does at a time. */
    record Block(PassSequence sequence, int offset, int rows) {
        /** Row of the pass's matrices. */
        int row() {
            return sequence.firstRow + offset;
        }

        /** Position in the text. */
        int position() {
            return sequence.firstPosition + offset;
        }
    }
}
