package resonance.cli;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import resonance.posgen.PosgenRefusal;
import resonance.rope.Parameter;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.study.UnfitFolderException;

/**
 * Turns a library's refusal of a value into one that names the option it came from.
 *
 * <p>Libraries name their own parameters: "headSize must be even, was 63". A {@link Refusal} knows which words of its message
 * are such names, and every option of the command is known here by its own name in camel case, so that this becomes
 * "--head-size must be even, was 63". {@link #called} adds what a library calls by another name.
 */
final class OptionRefusals {
    private static final String WAS = "was ";

    /** For a refusal that has no cure of its own. */
    private static final String USUAL_CURE = "; leave it out for its default";

    /** Something that a library may refuse to do with the values of options. */
    interface Step<T> {
        T take() throws IOException;
    }

    /** The same without a result. */
    interface Action {
        void take() throws IOException;
    }

    private final CommandLine command;

    /** A library's parameter to the option. */
    private final Map<String, String> options = new HashMap<>();

    private final Map<String, String> cures = new HashMap<>();

    OptionRefusals(CommandLine command) {
        this.command = command;
        for (OptionSpec option : command.getCommandSpec().options()) {
            options.put(camelCase(option.longestName()), option.longestName());
        }
        for (Parameter<?> parameter : RopeEncodings.installed().parameters()) {
            options.put(parameter.name(), "--" + parameter.option());
        }
    }

    /** A library's other names for an option. */
    OptionRefusals called(String option, String... parameters) {
        Stream.of(parameters).forEach(parameter -> options.put(parameter, option));
        return this;
    }

    /** What to do when this option is refused. */
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
        } catch (Refusal refusal) {
            String message = asTyped(refusal.message(this::option), option(refusal.parameter()), refusal.found());
            throw refusal(cured(message, refusal.parameter()), refusal);
        } catch (PosgenRefusal refusal) {
            throw refusal(cured(refusal.message(this::option), refusal.parameter()), refusal);
        } catch (UnfitFolderException refusal) {
            throw refusal(refusal.message(option("out")), refusal);
        } catch (IllegalArgumentException refusal) {
            throw refusal(cured(String.valueOf(refusal.getMessage()), ""), refusal);
        }
    }

    /**
     * Does something that has no result; see {@link #check}.
     *
     * @throws ParameterException if the library refuses a value
     */
    void run(Action action) throws IOException {
        check(() -> {
            action.take();
            return this;
        });
    }

    /** A number as it was typed, and not as Java writes it: 1e400 and not Infinity. */
    private String asTyped(String message, String option, String found) {
        @Nullable ParseResult parsed = command.getParseResult();
        if (parsed == null || !option.startsWith("--") || !parsed.hasMatchedOption(option) || !found.startsWith(WAS)) {
            return message;
        }
        List<String> typed = parsed.matchedOption(option).originalStringValues();
        boolean same = typed.size() == 1 && sameNumber(typed.get(0), found.substring(WAS.length()));
        return same ? message.replace(", " + found, ", " + WAS + typed.get(0)) : message;
    }

    private static boolean sameNumber(String typed, String shown) {
        try {
            return Double.compare(Double.parseDouble(typed), Double.parseDouble(shown)) == 0;
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }

    /** The refusal to throw for a message in terms of options. */
    ParameterException refusal(String message, Throwable cause) {
        return new ParameterException(command, message, cause);
    }

    private String option(String parameter) {
        return options.getOrDefault(parameter, parameter);
    }

    private String cured(String text, String parameter) {
        String cure = cures.get(option(parameter));
        if (cure != null && !text.contains("did you mean")) {
            return text + "; " + cure;
        }
        return text.contains("; ") ? text : text + USUAL_CURE;
    }

    /** {@code --head-size} is headSize. */
    private static String camelCase(String option) {
        StringBuilder name = new StringBuilder();
        for (String word : option.substring(2).split("-", -1)) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }
}
