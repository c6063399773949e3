package resonance.evaluation.passkey;

import java.util.function.ToIntFunction;

/**
 * One number to hide and find, the same for every encoding.
 *
 * @param length tokens the prompt may have
 * @param depth where the key stands, 0 to 1
 * @param trial which of several at this length and depth, from 0
 * @param key the number
 */
public record PasskeyTask(int length, double depth, int trial, int key) {

    /** The prompt, as {@link PasskeyPrompt#fitting} makes it. */
    public PasskeyPrompt prompt(ToIntFunction<String> tokens) {
        return PasskeyPrompt.fitting(length, depth, key, tokens);
    }
}
