package resonance.cli;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Turns a library's refusal of a value into one that names the option it came from.
 *
 * <p>Libraries name their own parameters: "headSize must be even, was 63". Every option's name in camel case is known here, so
 * this becomes "--head-size must be even, was 63"; {@link #called} adds the words that a library uses for an option by another
 * name. A single lower-case word is replaced only where a message begins with it, since elsewhere it may be plain English.
 */
final class OptionRefusals {
    /** For a refusal that has no cure of its own. */
    private static final String USUAL_CURE = "; leave it out for its default";

    private static final Pattern WORD_START = Pattern.compile("-([a-z])");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9-]*");

    /** Something that a library may refuse to do with the values of options. */
    interface Step<T> {
        T take() throws IOException;
    }

    private final CommandLine command;

    /** A library's word to the option; longer ones first, since they may contain shorter ones. */
    private final Map<String, String> options =
            new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    private final Map<String, String> cures = new HashMap<>();

    OptionRefusals(CommandLine command) {
        this.command = command;
        for (OptionSpec option : command.getCommandSpec().options()) {
            options.put(camelCase(option.longestName()), option.longestName());
        }
    }

    /** A library's other words for an option. */
    OptionRefusals called(String option, String... words) {
        Stream.of(words).forEach(word -> options.put(word, option));
        return this;
    }

    /** An option whose name is plain English where a library's message begins with it. */
    OptionRefusals notCalledByItsName(String option) {
        options.remove(camelCase(option));
        return this;
    }

    /** What to do when this option is the first that a refusal names. */
    OptionRefusals cure(String option, String cure) {
        cures.put(option, cure);
        return this;
    }

    /**
     * Takes a step; an {@link IllegalArgumentException} of the library becomes a refusal of the command line.
     *
     * @throws ParameterException if the library refuses a value
     */
    <T> T check(Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (IllegalArgumentException refusal) {
            throw refusal(String.valueOf(refusal.getMessage()), refusal);
        }
    }

    /** The refusal to throw for a message in a library's words. */
    ParameterException refusal(String message, Throwable cause) {
        return new ParameterException(command, inOptions(message), cause);
    }

    /** The message in terms of options, with a cure. */
    private String inOptions(String message) {
        String text = message;
        for (Map.Entry<String, String> entry : options.entrySet()) {
            String word = entry.getKey();
            boolean plainWord = word.chars().allMatch(Character::isLowerCase);
            Pattern pattern = Pattern.compile((plainWord ? "^" : "(?<![-\\w])") + Pattern.quote(word) + "(?![-\\w])");
            text = pattern.matcher(text).replaceAll(Matcher.quoteReplacement(entry.getValue()));
        }
        Matcher first = OPTION.matcher(text);
        String cure = first.find() ? cures.get(first.group()) : null;
        if (cure != null && !text.contains("did you mean")) {
            return text + "; " + cure;
        }
        return text.contains(";") ? text : text + USUAL_CURE;
    }

    /** {@code --head-size} is headSize. */
    private static String camelCase(String option) {
        return WORD_START
                .matcher(option.substring(2))
                .replaceAll(start -> start.group(1).toUpperCase(Locale.ROOT));
    }
}
