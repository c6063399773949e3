package resonance.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the arguments are what was typed.
 *
 * <p>Java decodes them in the locale's characters and puts U+FFFD in the place of what it can't decode, so that a prompt would
 * reach the model changed and a path would name nothing. Where U+FFFD is found the bytes are looked up, which Linux keeps;
 * elsewhere it is refused, though it may have been typed.
 */
final class CommandArguments {
    private static final char REPLACEMENT = '\uFFFD';
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final int SHOWN_BYTES = 60;

    private CommandArguments() {}

    /** Says in one line which argument is not what was typed and what to do; null if all are. */
    static @Nullable String refusal(String[] arguments) {
        for (String argument : arguments) {
            if (argument.indexOf(REPLACEMENT) >= 0) {
                return refusal(arguments, bytes(arguments.length), System.getProperty("sun.jnu.encoding", "UTF-8"));
            }
        }
        return null;
    }

    /**
     * The same.
     *
     * @param bytes of each argument; empty if they are not known
     * @param encoding the name of the characters that arguments are decoded in
     */
    static @Nullable String refusal(String[] arguments, List<byte[]> bytes, String encoding) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].indexOf(REPLACEMENT) < 0) {
                continue;
            }
            if (bytes.isEmpty()) {
                return "argument " + (i + 1) + " must be in the locale's characters (" + encoding
                        + "), was not; type it anew in a terminal of that encoding";
            }
            if (!isUtf8(bytes.get(i))) {
                String characters = encoding.equals("ANSI_X3.4-1968") ? "UTF-8" : encoding;
                return "argument " + (i + 1) + " must be " + characters + " text, was '" + shown(bytes.get(i))
                        + "'; convert it, for example with iconv";
            }
            if (!encoding.equals("UTF-8")) {
                return "the locale must have UTF-8 characters for argument " + (i + 1) + ", has " + encoding
                        + "; set LC_ALL to a UTF-8 locale that 'locale -a' lists, or install one";
            }
        }
        return null;
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Printable ASCII as it is, other bytes by their numbers. */
    private static String shown(byte[] bytes) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, SHOWN_BYTES); i++) {
            boolean plain = bytes[i] >= ' ' && bytes[i] <= '~' && bytes[i] != '\\';
            shown.append(plain ? String.valueOf((char) bytes[i]) : String.format("\\x%02x", bytes[i]));
        }
        return shown.append(bytes.length > SHOWN_BYTES ? "..." : "").toString();
    }

    /** The last {@code count} words of this process's command line; none if the system does not tell. */
    private static List<byte[]> bytes(int count) {
        byte[] line;
        try {
            line = Files.readAllBytes(COMMAND_LINE);
        } catch (IOException e) {
            return List.of();
        }
        List<byte[]> words = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == 0) {
                words.add(Arrays.copyOfRange(line, from, i));
                from = i + 1;
            }
        }
        return words.size() < count ? List.of() : words.subList(words.size() - count, words.size());
    }
}
