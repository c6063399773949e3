package resonance.language;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import resonance.evaluation.task.PromptStyle;
import resonance.evaluation.task.SuiteSource;
import resonance.evaluation.task.TaskSuite;
import resonance.model.PlacementChoice;
import resonance.rope.DistinctList;
import resonance.rope.EncodingName;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingSettings;

/**
 * What to ask a model of a suite.
 *
 * @param suite whose tasks
 * @param source what its questions are made from
 * @param tasks names of the suite, at least one, none twice
 * @param lengths tokens that prompt and answer may have, as the suite measures them; at least one
 * @param questions how many of each task, the first ones, at least 1; empty for the suite's usual number
 * @param newTokens most tokens of an answer, at least 1; empty for the suite's
 * @param style how prompts are written
 * @param encodings of {@link RopeEncodings#forModels}, at least one, none twice
 * @param factor of the scalings that have one, at least 1; empty means as much as the longest length asks for
 *     ({@link PlacementChoice#factorFor})
 * @param placement where scalings go in a model that comes with one of its own
 * @param rope what the scalings read besides the factor
 */
public record TaskSettings(
        TaskSuite suite,
        SuiteSource source,
        List<String> tasks,
        List<Integer> lengths,
        OptionalInt questions,
        OptionalInt newTokens,
        PromptStyle style,
        List<EncodingName> encodings,
        OptionalDouble factor,
        PlacementChoice placement,
        ScalingSettings rope) {

    public TaskSettings {
        tasks = DistinctList.of("tasks", tasks);
        tasks.forEach(suite::scoring); // refuses a name that the suite does not know
        lengths = MeasuredEncodings.lengths(lengths);
        encodings = MeasuredEncodings.encodings(encodings);
        if (questions.isPresent() && questions.getAsInt() < 1) {
            throw Refusal.was("questions", "must be at least 1", questions.getAsInt());
        }
        if (newTokens.isPresent()) {
            TextGenerator.requireTokens(newTokens.getAsInt());
        }
        if (suite.needsData()) {
            source.folder(suite.label()); // refuses none
        }
    }

    /** The same of other tasks. */
    TaskSettings withTasks(List<String> others) {
        return new TaskSettings(
                suite, source, others, lengths, questions, newTokens, style, encodings, factor, placement, rope);
    }
}
