package resonance.posgen;

import java.util.function.UnaryOperator;

/**
 * A value that is refused. Every parameter that the rule mentions stands in braces there, the refused one first, so that a
 * command line can call them by its own names; the braces are not part of the message.
 *
 * <p>The one thing that the project has twice: this module knows no other, and {@code resonance.rope.Refusal} is the same for
 * all others.
 */
public final class PosgenRefusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String rule;
    private final String found;

    /** @param found what follows the rule, as it is: the value and the cure */
    PosgenRefusal(String rule, String found) {
        super(renamed(rule, name -> name) + found);
        this.rule = rule;
        this.found = found;
    }

    static void requireAtLeast(String parameter, int value, int least) {
        if (value < least) {
            throw new PosgenRefusal("{" + parameter + "} must be at least " + least, ", was " + value);
        }
    }

    /** Name of the parameter that is refused. */
    public String parameter() {
        return rule.substring(rule.indexOf('{') + 1, rule.indexOf('}'));
    }

    /** The message in other names. */
    public String message(UnaryOperator<String> name) {
        return renamed(rule, name) + found;
    }

    private static String renamed(String text, UnaryOperator<String> name) {
        StringBuilder renamed = new StringBuilder();
        for (String part : text.split("\\{", -1)) {
            int close = part.indexOf('}');
            renamed.append(close < 0 ? part : name.apply(part.substring(0, close)) + part.substring(close + 1));
        }
        return renamed.toString();
    }
}
