package resonance.language;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import resonance.model.PlacementChoice;
import resonance.rope.DistinctList;
import resonance.rope.Refusal;

/**
 * To what length a model is to be taken, and what the choice is made by.
 *
 * @param length tokens that the model shall read
 * @param texts UTF-8 text files, at least one; together at least two windows of the length
 * @param placement where scalings go in a model that comes with one of its own
 * @param budget time that measuring may take, at least 0; {@link Duration#ZERO} for no bound
 */
public record ExtensionSettings(int length, List<Path> texts, PlacementChoice placement, Duration budget) {
    public ExtensionSettings {
        texts = DistinctList.of("texts", texts);
        MeasuredEncodings.requireLength("length", length);
        if (budget.isNegative()) {
            throw Refusal.of("budget", "must be more than 0 seconds", "was " + budget.toSeconds())
                    .cure("5m will do");
        }
    }

    /** The budget as it was given: of 30 seconds, 30. */
    double budgetSeconds() {
        return budget.toNanos() / 1e9; // times 1e-9 would be 30.000000000000004
    }
}
