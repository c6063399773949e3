package resonance.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** A command as text that a POSIX shell reads back as the same words. */
final class ShellWords {
    private ShellWords() {}

    /** The command line being run, as it was typed. */
    static String typed(CommandSpec command) {
        List<String> words = new ArrayList<>(List.of("./resonance"));
        words.addAll(command.root().commandLine().getParseResult().originalArgs());
        return join(words);
    }

    static String join(List<String> words) {
        return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    }

    static String quote(String word) {
        return word.matches("[-\\w.,/:=+@%]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
