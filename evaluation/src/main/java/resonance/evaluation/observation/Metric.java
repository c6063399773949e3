package resonance.evaluation.observation;

import java.util.Locale;

/** What is measured, with the unit of its values and what {@link Column#N} counts. */
public enum Metric {
    /** See {@link #description()}, here and below. */
    LOSS("token", "mean loss of a text's scored tokens, nats; perplexity is e^loss"),
    WINDOW_LOSS(
            "window", "mean over windows of their mean loss, nats; what protocols average that weigh windows alike"),
    LOSS_BY_POSITION("token", "mean loss at positions position to position_end - 1 of the windows, nats"),
    LOSS_BY_WINDOW("token", "mean loss of one window, nats: pairs two encodings within a text"),
    TOKENS_PER_SECOND("token", "tokens read, or trained on, in a second"),
    CORRECT("answer", "1 if the hidden number was found, else 0"),
    KEY_LOSS("answer", "mean loss of the hidden number's own tokens, nats a token"),
    SCORE("question", "score of one question, %, as the suite scores it"),
    ANSWER_LOSS("token", "mean loss of right answers' own tokens, nats a token"),
    ACCURACY_OOD("sequence", "accuracy of next tokens beyond the trained length, a fraction"),
    ACCURACY_ID("sequence", "accuracy within the trained length, a fraction"),
    ACCURACY_BY_POSITION("sequence", "accuracy at a position, a fraction"),
    TRAINING_LOSS("", "mean loss of a step's batch, nats"),
    VALIDATION_LOSS("", "mean loss of the validation set after a step, nats"),
    VALIDATION_ACCURACY_OOD("", "accuracy on it beyond the trained length, a fraction"),
    VALIDATION_ACCURACY_ID("", "accuracy on it within the trained length, a fraction");

    private final String unit;
    private final String description;

    Metric(String unit, String description) {
        this.unit = unit;
        this.description = description;
    }

    /** Its name in a file: lower case, words joined by "_". */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What {@link Column#N} counts; empty where there is no such number. */
    public String unit() {
        return unit;
    }

    /** What it says, in words. */
    public String description() {
        return description;
    }
}
