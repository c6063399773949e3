package resonance.evaluation.passkey;

import java.util.function.ToIntFunction;
import resonance.rope.Refusal;

/**
 * A long text of filler with a number hidden in it, ending in the question for that number.
 *
 * <pre>  There is an important info hidden inside a lot of irrelevant text. ...       the task
 *   The grass is green. The sky is blue. The sun is yellow. ...                  first p characters of the filler
 *   The pass key is 12345. Remember it. 12345 is the pass key.                   the key
 *   The grass is green. The sky is blue. ...                                     first n − p characters, from the start
 *   What is the pass key? The pass key is                                        the question, without a line end </pre>
 *
 * <p>The words, the cut by characters and the steps of {@value #STEP} are those of YaRN's {@code eval/passkey.py}
 * (github.com/jquesnelle/yarn, commit 995db5b), which has them from Mohtashami and Jaggi, "Landmark Attention", 2023,
 * arXiv:2305.16300. Differs in the place of the key: p = round(depth · n) instead of a random one.
 *
 * @param text the whole prompt
 * @param key the hidden number
 * @param filler n, characters of filler
 * @param before p, characters of filler before the key
 */
public record PasskeyPrompt(String text, int key, int filler, int before) {

    /** Characters by which the filler grows. */
    public static final int STEP = 128;

    /** Smallest key. */
    public static final int LEAST_KEY = 1;

    /** Largest key. */
    public static final int GREATEST_KEY = 50_000;

    private static final String TASK = "There is an important info hidden inside a lot of irrelevant text. Find it and"
            + " memorize them. I will quiz you about the important information there.";

    private static final String FILLER =
            "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again. ";

    private static final String QUESTION = "What is the pass key? The pass key is";

    /**
     * A prompt with so much filler.
     *
     * @param filler n, characters of filler, at least 0
     * @param depth where the key stands: 0 before all filler, 1 behind it
     * @param key from {@value #LEAST_KEY} to {@value #GREATEST_KEY}
     */
    public static PasskeyPrompt of(int filler, double depth, int key) {
        if (filler < 0) {
            throw Refusal.of("filler", "must be at least 0 characters", "was " + filler);
        }
        if (!(depth >= 0 && depth <= 1)) {
            throw Refusal.of("depth", "must be from 0 to 1", "was " + depth);
        }
        if (key < LEAST_KEY || key > GREATEST_KEY) {
            throw new IllegalArgumentException(
                    "key must be from " + LEAST_KEY + " to " + GREATEST_KEY + ", was " + key);
        }
        int before = (int) Math.round(depth * filler);
        String text = String.join(
                "\n",
                TASK,
                filler(before),
                "The pass key is " + key + ". Remember it. " + key + " is the pass key.",
                filler(filler - before),
                QUESTION);
        return new PasskeyPrompt(text, key, filler, before);
    }

    /**
     * The prompt that comes closest to a length from below: filler grows by {@value #STEP} characters until the prompt has
     * at least so many tokens, and the step before is taken.
     *
     * <p>The boundary is found by bisection, which gives the same as growing step by step wherever more steps never mean
     * fewer tokens.
     *
     * @param length tokens, as {@code tokens} counts them
     * @param tokens how many tokens the model reads of a text, BOS included
     * @throws IllegalArgumentException if the prompt without filler is longer
     */
    public static PasskeyPrompt fitting(int length, double depth, int key, ToIntFunction<String> tokens) {
        int bare = tokens.applyAsInt(of(0, depth, key).text());
        if (bare > length) {
            throw new IllegalArgumentException("length must be at least " + bare
                    + " tokens, which the passkey prompt has without filler, was " + length);
        }
        int fits = 0;
        int reaches = 1;
        while (tokens.applyAsInt(of(reaches * STEP, depth, key).text()) < length) {
            fits = reaches;
            reaches = Math.multiplyExact(reaches, 2);
        }
        while (reaches - fits > 1) {
            int middle = (fits + reaches) >>> 1;
            if (tokens.applyAsInt(of(middle * STEP, depth, key).text()) < length) {
                fits = middle;
            } else {
                reaches = middle;
            }
        }
        return of(fits * STEP, depth, key);
    }

    /** What follows the prompt if it is continued with the key: a space and the key. */
    public String rightContinuation() {
        return " " + key;
    }

    private static String filler(int characters) {
        return FILLER.repeat(characters / FILLER.length() + 1).substring(0, characters);
    }
}
