package resonance.rope;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What is known of a scaling before it has any settings. A scaling declares its own beside its formula, and
 * {@link RopeEncodings} lists them; options, help, refusals, labels and settings in records follow from here.
 *
 * @param name lower-case letters, digits and hyphens, starting with a letter; not starting with {@code resonance-}
 * @param label for tables and charts: "YaRN"
 * @param resonanceLabel the same with {@link Resonance} over it: "Resonance YaRN"
 * @param source where it is from, or what it does, in a few words
 * @param type the class that computes it
 * @param parameters what it reads
 * @param factory makes the scaling of settings, of which it reads {@code parameters}
 */
public record ScalingMethod(
        String name,
        String label,
        String resonanceLabel,
        String source,
        Class<? extends RopeScaling> type,
        List<Parameter<?>> parameters,
        Function<ScalingSettings, RopeScaling> factory)
        implements EncodingMethod {
    private static final Pattern BOUND = Pattern.compile("^([px][0-9]+|searched)-");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    public ScalingMethod {
        if (!NAME.matcher(name).matches()) {
            throw Refusal.was(
                    "name", "must be lower-case letters, digits and hyphens, starting with a letter", "'" + name + "'");
        }
        if (name.startsWith(EncodingName.RESONANCE)) {
            throw Refusal.was("name", "must not start with \"" + EncodingName.RESONANCE + "\"", "'" + name + "'");
        }
        if (BOUND.matcher(name).find()) {
            throw Refusal.was("name", "must not start as a bound on periods does, such as p64-", "'" + name + "'");
        }
        requireNonNull(type, "type must not be null");
        requireNonNull(factory, "factory must not be null");
        parameters = List.copyOf(parameters);
    }

    /** A method whose label with Resonance is "Resonance" and its own. */
    public ScalingMethod(
            String name,
            String label,
            String source,
            Class<? extends RopeScaling> type,
            List<Parameter<?>> parameters,
            Function<ScalingSettings, RopeScaling> factory) {
        this(name, label, "Resonance " + label, source, type, parameters, factory);
    }

    /**
     * The scaling with these settings, of which it reads its {@link #parameters}.
     *
     * @throws Refusal if they do not fit each other
     */
    public RopeScaling scaling(ScalingSettings settings) {
        return factory.apply(settings);
    }

    @Override
    public String toString() {
        return name;
    }
}
