package resonance.cli;

import java.util.Collection;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import resonance.experiment.EncodingSettings;
import resonance.rope.EncodingMethod;
import resonance.rope.EncodingName;
import resonance.rope.Parameter;
import resonance.rope.Refusal;
import resonance.rope.RemapMethod;
import resonance.rope.RopeEncodings;
import resonance.rope.Rounding;
import resonance.rope.ScalingMethod;
import resonance.rope.ScalingSettings;

/**
 * Options for what single scalings read besides the factor, made from a catalogue's parameters.
 *
 * @param known the catalogue
 * @param always parameters whose default is a preset's, and which are settings even if nothing reads them
 */
record ScalingOptions(RopeEncodings known, List<Parameter<?>> always) {
    /** The options of commands that put an encoding in a model's place, or show one. */
    static ScalingOptions ofModels() {
        return new ScalingOptions(RopeEncodings.installed(), List.of());
    }

    /** The options of commands that train models with encodings. */
    static ScalingOptions ofComparisons() {
        return new ScalingOptions(EncodingSettings.encodings(), EncodingSettings.ALWAYS);
    }

    /** The catalogue's names, for the help of options that take one: "bundle:names.scaled". */
    static final class Names extends ListResourceBundle {
        @Override
        protected Object[][] getContents() {
            RopeEncodings installed = RopeEncodings.installed();
            String names = installed.names();
            String scaled = names.substring(names.indexOf(", ") + 2);
            return new Object[][] {
                {
                    "resonance.evaluate.compare",
                    "encodings: none (plain RoPE), model (the model's own), any of passkey's --compare, and resonance- before"
                            + " any of them (default: none, yarn and resonance-yarn)"
                },
                {"names.scaled", scaled},
                {"names.scaledOr", orLast(scaled)},
                {"names.scalings", orLast(names)},
                {"names.trained", EncodingSettings.encodings().names()},
                {
                    "names.resonance",
                    EncodingName.RESONANCE
                            + " (whole wavelengths), resonance-p64- or resonance-x16- (periods of several"
                            + " turns, at most 64 tokens or 16 wavelengths) or resonance-searched-"
                },
                {
                    "names.remaps",
                    orLast(RemapMethod.all().stream().map(RemapMethod::name).collect(Collectors.joining(", ")))
                },
                {
                    "names.nonRotary",
                    orLast(EncodingSettings.encodings().nonRotary().stream()
                            .map(EncodingMethod::name)
                            .collect(Collectors.joining(", ")))
                },
            };
        }

        private static String orLast(String names) {
            int last = names.lastIndexOf(", ");
            return names.substring(0, last) + " or" + names.substring(last + 1);
        }
    }

    /** Gives a command the options, under a heading of their own. */
    void add(CommandSpec command) {
        ArgGroupSpec.Builder group =
                ArgGroupSpec.builder().validate(false).heading("%nScalings:%n").order(5);
        read(known).forEach(parameter -> group.addArg(option(parameter)));
        command.addArgGroup(group.build());
    }

    private static List<Parameter<?>> read(RopeEncodings known) {
        return known.parameters().stream()
                .filter(parameter -> !parameter.equals(Parameter.FACTOR))
                .toList();
    }

    private OptionSpec option(Parameter<?> parameter) {
        String standard = parameter.standardText().isEmpty() || always.contains(parameter)
                ? ""
                : " (default: " + parameter.standardText() + ")";
        OptionSpec.Builder option = OptionSpec.builder(name(parameter))
                .description(String.join(", ", known.readers(parameter)) + ": " + parameter.meaning() + standard);
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

    /** What is not at its default besides the factor, as the options that say it. */
    static List<String> words(ScalingSettings settings, List<Parameter<?>> parameters) {
        return parameters.stream()
                .filter(parameter -> !parameter.equals(Parameter.FACTOR))
                .flatMap(parameter -> settings.text(List.of(parameter)).values().stream()
                        .map(text -> parameter.kind() == Parameter.Kind.FLAG
                                ? name(parameter)
                                : name(parameter) + " " + text.replaceAll("[\\[\\] ]", "")))
                .toList();
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
                    .cure("did you mean '" + asOptions(name) + "'?");
        }
        return known.method(name);
    }

    /** {@code resonance-x16-yarn} in the options that mean it. */
    private static String asOptions(String name) {
        String rest = name.substring(EncodingName.RESONANCE.length());
        Rounding rounding = EncodingName.roundingOf(name);
        if (rounding.isNone() || rounding.equals(Rounding.WHOLE)) {
            return "--scaling " + rest + " --resonance";
        }
        String scaling = rest.substring((rounding + "-").length());
        return "--scaling " + scaling + " --resonance --periods " + rounding;
    }

    /**
     * Refuses an option that none of the encodings reads, unless it is one of {@link #always}.
     *
     * @param command its command line, parsed
     * @param encodings in use
     * @param selection the option that chooses them
     * @throws ParameterException if one was given
     */
    void requireRead(CommandSpec command, Collection<? extends EncodingMethod> encodings, String selection) {
        for (Parameter<?> parameter : read(known)) {
            if (!always.contains(parameter)
                    && command.commandLine().getParseResult().hasMatchedOption(name(parameter))
                    && encodings.stream()
                            .noneMatch(method -> method.parameters().contains(parameter))) {
                throw new ParameterException(
                        command.commandLine(),
                        name(parameter) + " must go with " + selection + " "
                                + String.join(" or ", known.readers(parameter))
                                + ", was given with "
                                + String.join(
                                        ",",
                                        encodings.stream()
                                                .map(EncodingMethod::name)
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
        return settings(command, ScalingSettings.ofFactor(factor));
    }

    /**
     * What the scalings read, over the values of a preset.
     *
     * @throws Refusal if a value is out of range
     */
    static ScalingSettings settings(CommandSpec command, ScalingSettings preset) {
        ScalingSettings settings = preset;
        for (Parameter<?> parameter : read(RopeEncodings.installed())) {
            OptionSpec option = command.optionsMap().get(name(parameter));
            if (option != null && command.commandLine().getParseResult().hasMatchedOption(option)) {
                settings = settings.with(
                        parameter,
                        parameter.kind() == Parameter.Kind.FLAG ? !(Boolean) parameter.standard() : option.getValue());
            }
        }
        return settings.requireOrdered(read(RopeEncodings.installed()));
    }
}
