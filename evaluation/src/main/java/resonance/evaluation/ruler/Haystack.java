package resonance.evaluation.ruler;

/** A task's prompt that grows by units: sentences, words, needles. Every call draws anew from the task's one stream. */
interface Haystack {

    /** Units without which there is no such prompt. */
    int minimum();

    /** Units by which a sample that came out too long is made shorter. */
    int increment();

    /** Units of the prompt by which the tokens of a unit are estimated. */
    default int specimen() {
        return increment();
    }

    /** More units than will fit; the search for what fits ends here. */
    default int bound(double length, double tokensPerUnit) {
        return (int) (length / tokensPerUnit * 3);
    }

    /** A prompt for the search. */
    Draw draw(int units);

    /** A prompt for a sample, with the example that belongs before it. */
    default Draw sample(int units) {
        return draw(units);
    }
}
