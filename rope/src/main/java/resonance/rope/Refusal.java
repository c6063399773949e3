package resonance.rope;

import java.util.Collection;
import java.util.function.UnaryOperator;

/**
 * A value that is refused, with what is needed to say so in the words of whoever gave it.
 *
 * <p>The message is {@code <subject> <rule>, <found>; <cure>}: "headSize must be even, was 63; take 64". A command line that
 * calls the parameter otherwise asks for {@link #message(UnaryOperator)} with its own names. So that it can, every parameter
 * that the subject, the rule or the cure mentions stands in braces there: {@code must be above {betaSlow} (1)}. The braces are
 * not part of the message.
 */
public final class Refusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String subject;
    private final String rule;
    private final String found;
    private final String cure;

    private Refusal(String subject, String rule, String found, String cure) {
        super(text(subject, rule, found, cure, name -> name));
        this.subject = subject;
        this.rule = rule;
        this.found = found;
        this.cure = cure;
    }

    /**
     * A value that breaks a rule.
     *
     * @param subject name of the parameter; or text with the names of parameters in braces, the first of which is the one that
     *     is refused: {@code {shortFactors}[3]}
     * @param rule "must be ...", with the names of parameters in braces
     * @param found "was 63", "held 5", ...: the value, in words that follow a comma
     */
    public static Refusal of(String subject, String rule, String found) {
        return new Refusal(subject.indexOf('{') < 0 ? "{" + subject + "}" : subject, rule, found, "");
    }

    /** A value that breaks a rule: ", was" and the value. */
    public static Refusal was(String subject, String rule, Object value) {
        return of(subject, rule, "was " + (value instanceof Double number ? PlainNumber.text(number) : value));
    }

    /** A word that is none of the known ones, the nearest of which is suggested; {@code shown} lists them. */
    public static Refusal unknown(String parameter, String word, Collection<String> known, String shown) {
        String cure = "known: " + shown + Spelling.suggestion(word, known);
        return new Refusal("{" + parameter + "}", "", "'" + word + "' is unknown", cure);
    }

    /** A word that is none of the known ones, which are listed. */
    public static Refusal unknown(String parameter, String word, Collection<String> known) {
        return unknown(parameter, word, known, String.join(", ", known));
    }

    /** The same refusal with what to do about it, the names of parameters in braces. */
    public Refusal cure(String remedy) {
        Refusal cured = new Refusal(subject, rule, found, remedy);
        cured.setStackTrace(getStackTrace());
        return cured;
    }

    /** Name of the parameter that is refused. */
    public String parameter() {
        return subject.substring(subject.indexOf('{') + 1, subject.indexOf('}'));
    }

    /** What the value must be, the names of parameters in braces; empty for an unknown word. */
    public String rule() {
        return rule;
    }

    /** The value, in words such as "was 63". */
    public String found() {
        return found;
    }

    /** What to do about it, the names of parameters in braces; empty if nothing is said. */
    public String cure() {
        return cure;
    }

    /** The message in other names. */
    public String message(UnaryOperator<String> name) {
        return text(subject, rule, found, cure, name);
    }

    private static String text(String subject, String rule, String found, String cure, UnaryOperator<String> name) {
        String ruled = rule.isEmpty() ? renamed(subject, name) + " " : renamed(subject + " " + rule, name) + ", ";
        return ruled + found + (cure.isEmpty() ? "" : "; " + renamed(cure, name));
    }

    private static String renamed(String text, UnaryOperator<String> name) {
        StringBuilder renamed = new StringBuilder();
        int from = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
            int close = text.indexOf('}', open);
            if (close < 0) {
                break;
            }
            renamed.append(text, from, open).append(name.apply(text.substring(open + 1, close)));
            from = close + 1;
        }
        return renamed.append(text, from, text.length()).toString();
    }
}
