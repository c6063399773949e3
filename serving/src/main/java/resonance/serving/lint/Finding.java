package resonance.serving.lint;

import java.util.regex.Pattern;

/**
 * One thing that an engine will ignore, misread or refuse in a model.
 *
 * <p>Texts come from files that nobody vouches for: control characters are replaced and long ones cut, so that they can be
 * printed.
 *
 * @param engine that reads so
 * @param rule what was looked for
 * @param key where it stands, such as {@code rope_scaling.factor}, or the name of a tensor
 * @param message what the engine makes of it
 * @param remedy what to do
 */
public record Finding(Engine engine, LintRule rule, String key, String message, String remedy) {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int LONGEST = 400;

    public Finding {
        if (!rule.engines().contains(engine)) {
            throw new IllegalArgumentException(
                    "engine must be one of rule " + rule.label() + " (" + rule.engines() + "), was " + engine);
        }
        key = printable(key);
        message = printable(message);
        remedy = printable(remedy);
    }

    public Severity severity() {
        return rule.severity();
    }

    /** In one line, with control characters as terminal and pages show them. */
    static String printable(String text) {
        String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return CONTROL.matcher(cut)
                .replaceAll(
                        found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
    }
}
