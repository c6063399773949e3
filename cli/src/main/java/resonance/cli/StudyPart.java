package resonance.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import resonance.study.StudyPlace;

/**
 * One command of a study.
 *
 * @param name which is also that of its folder
 * @param line where it begins in the file
 * @param command its words, for example {@code posgen} and {@code compare}
 * @param arguments what it is given, in the order of the file
 */
record StudyPart(String name, int line, List<String> command, List<Argument> arguments) {
    StudyPart {
        command = List.copyOf(command);
        arguments = List.copyOf(arguments);
    }

    /**
     * A key with its value.
     *
     * @param key the option's name without its dashes, or the parameter's in small letters
     * @param line where it stands; 0 if it is given on the command line
     * @param option whether it is an option; else the words stand before all options
     * @param words of the command that say it
     */
    record Argument(String key, int line, boolean option, List<String> words) {
        Argument {
            words = List.copyOf(words);
        }

        /** Finds it where a message of the command names it. */
        Pattern named() {
            return Pattern.compile("(?<![-\\w])" + (option ? "--" + key : key.toUpperCase(Locale.ROOT)) + "(?![-\\w])");
        }

        /** An option with a value, as it is typed. */
        static List<String> option(String name, String value) {
            return value.startsWith("-") ? List.of(name + "=" + value) : List.of(name, value);
        }
    }

    /** The same with other values of these keys. */
    StudyPart with(List<Argument> others) {
        List<Argument> changed = new ArrayList<>(arguments);
        changed.removeIf(
                argument -> others.stream().anyMatch(other -> other.key().equals(argument.key())));
        changed.addAll(others);
        return new StudyPart(name, line, command, changed);
    }

    /** Where its results go. */
    Path folder(Path out) {
        return out.resolve(name);
    }

    /** The command that runs it, after the program's name. */
    List<String> words(Path out) {
        List<String> words = new ArrayList<>(command);
        arguments.stream().filter(argument -> !argument.option()).forEach(argument -> words.addAll(argument.words()));
        arguments.stream().filter(Argument::option).forEach(argument -> words.addAll(argument.words()));
        words.addAll(List.of("--out", StudyPlace.text(folder(out))));
        return words;
    }

    /** The command that runs it, to be typed. */
    String typed(Path out) {
        List<String> words = new ArrayList<>(List.of("./resonance"));
        words.addAll(words(out));
        return ShellWords.join(words);
    }

    /** The line of the first key that a message is about; the part's own if it is about none in the file. */
    int lineOf(String message) {
        int first = Integer.MAX_VALUE;
        int found = line;
        for (Argument argument : arguments) {
            Matcher named = argument.named().matcher(message);
            if (argument.line() > 0 && named.find() && named.start() < first) {
                first = named.start();
                found = argument.line();
            }
        }
        return found;
    }
}
