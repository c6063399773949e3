package resonance.evaluation.task;

/** What a suite may know of a model: how it reads texts. */
public interface TextTokens {
    /** Ids of a text, without special tokens around it. */
    int[] encode(String text);

    /** Text of these ids, special tokens left out. */
    String decode(int[] ids);

    /** Special tokens that the model reads before a text: 1 with a beginning-of-sequence token, else 0. */
    int beginning();

    /** Tokens of a text, without special tokens around it. */
    default int count(String text) {
        return encode(text).length;
    }
}
