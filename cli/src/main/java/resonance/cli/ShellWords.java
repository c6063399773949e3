package resonance.cli;

import java.util.List;
import java.util.stream.Collectors;

/** A command as text that a POSIX shell reads back as the same words. */
final class ShellWords {
    private ShellWords() {}

    static String join(List<String> words) {
        return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }

    static String quote(String word) {
        return word.matches("[-\\w.,/:=+@%]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
