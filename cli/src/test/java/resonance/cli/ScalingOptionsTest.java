package resonance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import resonance.rope.Parameter;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingMethod;

/** The options that are made from the catalogue: whoever adds a parameter there gets all of this. */
class ScalingOptionsTest {
    private static final RopeEncodings INSTALLED = RopeEncodings.installed();

    static Stream<Parameter<?>> parameters() {
        return INSTALLED.parameters().stream().filter(parameter -> !parameter.equals(Parameter.FACTOR));
    }

    static Stream<Parameter<?>> numbers() {
        return parameters().filter(parameter -> parameter.kind() != Parameter.Kind.FLAG);
    }

    static Stream<Arguments> unread() {
        return parameters()
                .flatMap(parameter -> INSTALLED.methods().stream()
                        .filter(method -> !method.parameters().contains(parameter))
                        .map(method -> Arguments.of(parameter, method)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rope", "perplexity", "passkey", "evaluate", "generate", "export"})
    void everyParameterIsAnOptionWithItsReadersMeaningAndDefault(String command) {
        String help = CommandRun.of(command + " --help").out().replaceAll("\\s+", " ");
        assertThat(parameters()).hasSizeGreaterThanOrEqualTo(13);
        parameters().forEach(parameter -> {
            String standard = parameter.standardText().isEmpty() ? "" : " (default: " + parameter.standardText() + ")";
            assertThat(help)
                    .as(parameter.name())
                    .contains(" --" + parameter.option())
                    .contains(String.join(", ", INSTALLED.readers(parameter)) + ": " + parameter.meaning() + standard);
        });
    }

    @Test
    void aComparisonHasTheOptionsOfItsEncodingsWithoutThePresetsDefaults() {
        String help = CommandRun.of("posgen compare --help").out().replaceAll("\\s+", " ");
        ScalingOptions options = ScalingOptions.ofComparisons();
        assertThat(options.known().parameters()).hasSizeGreaterThanOrEqualTo(12);
        for (Parameter<?> parameter : options.known().parameters()) {
            String standard = options.always().contains(parameter)
                            || parameter.standardText().isEmpty()
                    ? " "
                    : " (default: " + parameter.standardText() + ") ";
            if (!parameter.equals(Parameter.FACTOR)) {
                assertThat(help)
                        .as(parameter.name())
                        .contains(" --" + parameter.option())
                        .contains(String.join(", ", options.known().readers(parameter)) + ": " + parameter.meaning()
                                + standard);
            }
        }
        assertThat(help).doesNotContain("longrope", "--short-factors");
    }

    @ParameterizedTest
    @MethodSource("unread")
    void anOptionThatTheScalingDoesNotReadIsRefused(Parameter<?> parameter, ScalingMethod method) {
        List<String> words = new ArrayList<>(List.of("rope", "--scaling", method.name(), given(parameter)));
        if ("longrope".equals(method.name())) {
            words.addAll(List.of("--head-size", "2", "--short-factors", "1", "--long-factors", "1"));
        }
        String option = "--" + parameter.option();
        assertThat(CommandRun.of(words.toArray(String[]::new)))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        option + " must go with --scaling " + String.join(" or ", INSTALLED.readers(parameter))
                                + ", was given with " + method.name() + "; leave it out or change --scaling"
                                + System.lineSeparator()));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void aValueOutOfRangeIsRefusedInTheOptionsName(Parameter<?> parameter) {
        String option = "--" + parameter.option();
        String reader = List.copyOf(INSTALLED.readers(parameter)).get(0);
        String place = parameter.kind() == Parameter.Kind.NUMBERS ? "[0]" : "";
        String rule = switch (parameter.range()) {
            case AT_LEAST_0 -> "a finite number of at least 0";
            case AT_LEAST_1 -> "a finite number of at least 1";
            case ABOVE_0 -> "a finite number above 0";
            case ABOVE_1 -> "a finite number above 1";
            case FRACTION -> "from 0 to 1";
        };
        String cure = switch (option) {
            case "--short-factors" -> "separate the numbers by commas";
            case "--beta-fast" -> "the usual values are --beta-fast 32 --beta-slow 1";
            default -> "leave it out for its default";
        };
        assertThat(CommandRun.of("rope --scaling " + reader + " " + option + "=-1"))
                .isEqualTo(new CommandRun(
                        2, "", option + place + " must be " + rule + ", was -1; " + cure + System.lineSeparator()));
    }

    @Test
    void aScalingNamedWithResonanceIsTwoOptions() {
        assertThat(CommandRun.of("rope --scaling resonance-yarn"))
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "--scaling must be named without resonance-, was 'resonance-yarn'; did you mean '--scaling yarn"
                                + " --resonance'?" + System.lineSeparator()));
    }

    /** The option with a value that is in range and above or below its neighbour's default. */
    private static String given(Parameter<?> parameter) {
        String value = switch (parameter.kind()) {
            case FLAG -> "";
            case NUMBERS -> "=1";
            default -> parameter.range() == Parameter.Range.FRACTION ? "=0.5" : "=3";
        };
        return "--" + parameter.option() + value;
    }
}
