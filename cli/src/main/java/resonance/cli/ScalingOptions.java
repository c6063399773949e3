package resonance.cli;

import java.util.Collection;
import java.util.List;
import java.util.ListResourceBundle;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import resonance.rope.EncodingName;
import resonance.rope.LongRopeScaling;
import resonance.rope.Parameter;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingSettings;

/** Options for what single scalings read besides the factor, made from the catalogue's parameters. */
final class ScalingOptions {
    private ScalingOptions() {}

    /** The catalogue's names, for the help of options that take one: "bundle:names.scaled". */
    static final class Names extends ListResourceBundle {
        @Override
        protected Object[][] getContents() {
            RopeEncodings installed = RopeEncodings.installed();
            String names = installed.names();
            String scaled = names.substring(names.indexOf(", ") + 2);
            return new Object[][] {
                {"names.scaled", scaled},
                {"names.scaledOr", orLast(scaled)},
                {"names.scalings", orLast(names)},
                {
                    "names.trained",
                    installed.forTraining().without(LongRopeScaling.METHOD).names()
                },
                {"names.resonance", EncodingName.RESONANCE},
            };
        }

        private static String orLast(String names) {
            int last = names.lastIndexOf(", ");
            return names.substring(0, last) + " or" + names.substring(last + 1);
        }
    }

    /** Gives a command the options, under a heading of their own. */
    static void add(CommandSpec command) {
        ArgGroupSpec.Builder group =
                ArgGroupSpec.builder().validate(false).heading("%nScalings:%n").order(5);
        read().forEach(parameter -> group.addArg(option(parameter)));
        command.addArgGroup(group.build());
    }

    private static List<Parameter<?>> read() {
        return RopeEncodings.installed().parameters().stream()
                .filter(parameter -> !parameter.equals(Parameter.FACTOR))
                .toList();
    }

    private static OptionSpec option(Parameter<?> parameter) {
        String standard = parameter.standardText().isEmpty() ? "" : " (default: " + parameter.standardText() + ")";
        OptionSpec.Builder option = OptionSpec.builder(name(parameter))
                .description(String.join(", ", RopeEncodings.installed().readers(parameter)) + ": "
                        + parameter.meaning() + standard);
        return switch (parameter.kind()) {
            case FLAG -> option.type(boolean.class).arity("0").build();
            case NUMBER, OPTIONAL_NUMBER ->
                option.type(Double.class).paramLabel("X").build();
            case NUMBERS ->
                option.type(List.class)
                        .auxiliaryTypes(Double.class)
                        .splitRegex(",")
                        .paramLabel("X")
                        .build();
        };
    }

    private static String name(Parameter<?> parameter) {
        return "--" + parameter.option();
    }

    /** Tells what to do about a refusal. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return refusals.cure("--factor", "1 changes nothing, 8 stretches 4096 tokens to 32768")
                .cure("--short-factors", "separate the numbers by commas")
                .cure("--beta-fast", "the usual values are --beta-fast 32 --beta-slow 1");
    }

    /**
     * The scaling that {@code --scaling} names.
     *
     * @throws Refusal if it is none of these, or named with resonance, which is an option of its own
     */
    static ScalingMethod scaling(String name, RopeEncodings known) {
        if (name.startsWith(EncodingName.RESONANCE)) {
            throw Refusal.was("scaling", "must be named without " + EncodingName.RESONANCE, "'" + name + "'")
                    .cure("did you mean '--scaling " + name.substring(EncodingName.RESONANCE.length())
                            + " --resonance'?");
        }
        return known.method(name);
    }

    /**
     * Refuses an option that none of the scalings reads.
     *
     * @param command its command line, parsed
     * @param scalings in use
     * @param selection the option that chooses them
     * @throws ParameterException if one was given
     */
    static void requireRead(CommandSpec command, Collection<ScalingMethod> scalings, String selection) {
        for (Parameter<?> parameter : read()) {
            if (command.commandLine().getParseResult().hasMatchedOption(name(parameter))
                    && scalings.stream().noneMatch(method -> method.parameters().contains(parameter))) {
                throw new ParameterException(
                        command.commandLine(),
                        name(parameter) + " must go with " + selection + " "
                                + String.join(" or ", RopeEncodings.installed().readers(parameter))
                                + ", was given with "
                                + String.join(
                                        ",",
                                        scalings.stream()
                                                .map(ScalingMethod::name)
                                                .toList())
                                + "; leave it out or change " + selection);
            }
        }
    }

    /**
     * What the scalings read, with a factor.
     *
     * @throws Refusal if a value is out of range
     */
    static ScalingSettings settings(CommandSpec command, double factor) {
        ScalingSettings settings = ScalingSettings.ofFactor(factor);
        for (Parameter<?> parameter : read()) {
            OptionSpec option = command.optionsMap().get(name(parameter));
            if (option != null && command.commandLine().getParseResult().hasMatchedOption(option)) {
                settings = settings.with(
                        parameter,
                        parameter.kind() == Parameter.Kind.FLAG ? !(Boolean) parameter.standard() : option.getValue());
            }
        }
        return settings.requireOrdered(read());
    }
}
