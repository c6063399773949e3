package resonance.evaluation.comparison;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import resonance.rope.EncodingName;
import resonance.rope.Parameter;
import resonance.rope.RopeEncodings;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.rope.ScalingSettings;
import resonance.study.CellSpecification;

/**
 * The frequencies that a finished cell was measured with, read from what it is a result of: a folder of any age says them,
 * whatever was known about frequencies when it was made.
 */
final class MeasuredFrequencies {
    private MeasuredFrequencies() {}

    /**
     * The frequencies for sequences of the test length; empty if the cell does not say its head size, base and lengths, or has
     * an encoding or values that this build refuses.
     *
     * @param cell values by option: {@code encoding}, {@code head-size}, {@code base}, {@code train-length}, {@code
     *     test-length}, and those parameters of scalings that are not at their default
     */
    static Optional<RopeFrequencies> of(CellSpecification cell) {
        Map<String, String> values = cell.values();
        try {
            RopeShape shape = RopeShape.of(
                            Integer.parseInt(values.getOrDefault("head-size", "")),
                            Double.parseDouble(values.getOrDefault("base", "")),
                            Integer.parseInt(values.getOrDefault("train-length", "")))
                    .withSequenceLength(Long.parseLong(values.getOrDefault("test-length", "")));
            return Optional.of(EncodingName.valueOf(values.getOrDefault("encoding", ""))
                    .scaling(settings(values))
                    .frequencies(shape));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }

    private static ScalingSettings settings(Map<String, String> values) {
        ScalingSettings settings = ScalingSettings.DEFAULTS;
        for (Parameter<?> parameter : RopeEncodings.installed().parameters()) {
            @Nullable String text = values.get(parameter.option());
            if (text != null) {
                settings = settings.with(parameter, value(parameter, text));
            }
        }
        return settings;
    }

    /** A value as a specification has it; a flag stands there only if it is not at its default. */
    private static Object value(Parameter<?> parameter, String text) {
        return switch (parameter.kind()) {
            case NUMBER, OPTIONAL_NUMBER -> Double.parseDouble(text);
            case FLAG -> !(Boolean) parameter.standard();
            case NUMBERS -> Stream.of(text.split(",")).map(Double::parseDouble).toList();
        };
    }
}
