package resonance.evaluation.passkey;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Scores what a model wrote after a passkey prompt, as YaRN's {@code eval/passkey.py} does. */
public final class PasskeyAnswer {

    /** Tokens to generate, greedily; the key has at most five digits. */
    public static final int TOKENS = 10;

    /** Python's {@code \d}: decimal digits of any script. */
    private static final Pattern DIGITS = Pattern.compile("\\p{Nd}+");

    private PasskeyAnswer() {}

    /** Whether the first run of digits in the text is the key as a whole number; leading zeros do not count. */
    public static boolean isCorrect(String answer, int key) {
        OptionalInt number = firstNumber(answer);
        return number.isPresent() && number.getAsInt() == key;
    }

    /** The first run of digits, if it is a number no larger than the greatest key. */
    private static OptionalInt firstNumber(String answer) {
        Matcher digits = DIGITS.matcher(answer);
        if (!digits.find()) {
            return OptionalInt.empty();
        }
        long number = 0;
        for (int digit :
                digits.group().codePoints().map(c -> Character.digit(c, 10)).toArray()) {
            number = 10 * number + digit;
            if (number > PasskeyPrompt.GREATEST_KEY) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of((int) number);
    }
}
