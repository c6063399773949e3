package resonance.language.pretraining;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text as byte-level BPE sees it: cut into words, each byte of a word a printable character.
 *
 * <p>The cuts are those of a {@code tokenizer.json} with the pre-tokenizers {@code Digits} (every digit alone) and
 * {@code ByteLevel} (GPT-2's expression), in this order: the expression runs between two digits, so white space at its
 * end stays together before a digit. The characters are GPT-2's: a byte that prints in Latin-1 stands for itself, the
 * others follow from U+0100 on in the order of their values (Radford et al. 2019).
 */
final class ByteLevelText {
    private static final String SPACE = "\\p{IsWhite_Space}";
    private static final Pattern WORD = Pattern.compile("'(?:[stmd]|re|ve|ll)"
            + "| ?\\p{L}+"
            + "|\\p{N}"
            + "| ?[^" + SPACE + "\\p{L}\\p{N}]+"
            + "|" + SPACE + "+(?![^" + SPACE + "\\p{N}])"
            + "|" + SPACE + "+");

    private static final char[] CHARACTERS = characters();

    private ByteLevelText() {}

    /** The character of a byte. */
    static char character(int unsignedByte) {
        return CHARACTERS[unsignedByte];
    }

    /** The words of a text in their order, unencoded; together they are the text. */
    static void forEachWord(CharSequence text, Consumer<String> use) {
        Matcher words = WORD.matcher(text);
        while (words.find()) {
            use.accept(words.group());
        }
    }

    /** One character for each UTF-8 byte of a text. */
    static String encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] encoded = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            encoded[i] = CHARACTERS[bytes[i] & 0xFF];
        }
        return new String(encoded);
    }

    private static char[] characters() {
        char[] characters = new char[256];
        char next = 256;
        for (int value = 0; value < 256; value++) {
            boolean prints = (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
            characters[value] = prints ? (char) value : next++;
        }
        return characters;
    }
}
