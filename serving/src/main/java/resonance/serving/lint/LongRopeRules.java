package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Optional;
import resonance.rope.LongRopeScaling;
import resonance.rope.Rounding;

/** What {@code longrope} comes to: its divisors, and which of its two lists is used when. */
final class LongRopeRules extends LayerRules {
    LongRopeRules(LayerReading layer, EngineFindings findings) {
        super(layer, findings);
    }

    @Override
    void check() {
        divisors("short_factor");
        divisors("long_factor");
        periods();
        if (layer.old() && !dictionary.has("attention_factor")) {
            factorOverridden();
            magnitudeOfMaximum();
        }
        Optional<Double> trained = layer.trainedLength();
        Optional<Double> maximum = layer.maximumLength();
        if (trained.isEmpty() || maximum.isEmpty()) {
            return;
        }
        boolean beyond = trained.get() < maximum.get();
        if (layer.engine() == Engine.TRANSFORMERS_5 && layer.nested() && beyond) {
            findings.about(
                    LintRule.NESTED_LONGROPE,
                    layer.path(TRAINED_LENGTH),
                    " = " + Shown.number(trained.get()) + " is below " + MAXIMUM_LENGTH + " = "
                            + Shown.number(maximum.get())
                            + "; the second pass longer than it fails (UnboundLocalError)");
        }
        Optional<List<Double>> shorter = dictionary.numbers("short_factor");
        Optional<List<Double>> longer = dictionary.numbers("long_factor");
        if (shorter.isPresent() && longer.isPresent() && !shorter.equals(longer)) {
            choice(Shown.number(trained.get()), beyond);
        }
    }

    /** Which of two different lists is used. */
    private void choice(String trained, boolean beyond) {
        if (!beyond) {
            boolean unread = layer.old() && dictionary.has(TRAINED_LENGTH) && !config.has(TRAINED_LENGTH);
            boolean said = config.has(TRAINED_LENGTH) || dictionary.has(TRAINED_LENGTH);
            if (said && !unread) {
                return; // the file says so itself: the long list is for whoever raises the maximum length
            }
            findings.add(
                    LintRule.LONGROPE_ALWAYS_SHORT,
                    layer.path(TRAINED_LENGTH),
                    (unread ? layer.path(TRAINED_LENGTH) + " is not read; the" : "the") + " trained length is "
                            + trained + ", so short_factor is used for every text up to " + MAXIMUM_LENGTH,
                    unread
                            ? "write original_max_position_embeddings at the top level, or one list into both"
                            : "write the trained length as original_max_position_embeddings, or one list into both");
        } else if (layer.hasTableOfVllm()) {
            findings.add(
                    LintRule.LONGROPE_CHOSEN_AT_START,
                    layer.path("long_factor"),
                    "long_factor is used for every text if max_model_len is above " + trained + ", else short_factor");
        } else if (layer.engine() != Engine.VLLM && !layer.isPhi3()) {
            findings.add(
                    LintRule.LONGROPE_SWITCH,
                    layer.path("long_factor"),
                    "a text that grows beyond " + trained + " tokens changes from short_factor to long_factor, and"
                            + " keys that are cached stay as they were");
        }
    }

    private void factorOverridden() {
        Optional<Double> factor = layer.factor();
        Optional<Double> top = config.positive(TRAINED_LENGTH);
        Optional<Double> maximum = layer.maximumLength();
        if (factor.isEmpty() || top.isEmpty() || maximum.isEmpty()) {
            return;
        }
        double ratio = maximum.get() / top.get();
        if (differ(factor.get(), ratio)) {
            findings.about(
                    LintRule.FACTOR_OVERRIDDEN,
                    layer.path("factor"),
                    " = " + Shown.number(factor.get()) + " is not read beside a top-level " + TRAINED_LENGTH
                            + "; the magnitude is that of " + MAXIMUM_LENGTH + " / " + TRAINED_LENGTH + " = "
                            + Shown.rounded(ratio));
        }
    }

    /** Transformers 4 takes the logarithm of the maximum length where it does not see the trained one. */
    private void magnitudeOfMaximum() {
        Optional<Double> factor = layer.factor();
        Optional<Double> inside = dictionary.positive(TRAINED_LENGTH);
        Optional<Double> computed = layer.magnitude();
        if (layer.isPhi3()
                || config.has(TRAINED_LENGTH)
                || factor.isEmpty()
                || inside.isEmpty()
                || computed.isEmpty()) {
            return;
        }
        double meant = LongRopeScaling.magnitude(factor.get(), inside.get());
        if (differ(computed.get(), meant)) {
            findings.about(
                    LintRule.TRAINED_LENGTH_UNREAD,
                    layer.path(TRAINED_LENGTH),
                    " is not read for longrope; the magnitude is " + Shown.rounded(computed.get()) + " and not "
                            + Shown.rounded(meant));
        }
    }

    private void divisors(String key) {
        if (!dictionary.has(key)) {
            return;
        }
        Optional<List<Double>> divisors = dictionary.numbers(key);
        if (divisors.isEmpty()) {
            bad(key, "must be a list of finite numbers; the model fails to load");
            return;
        }
        int count = divisors.get().size();
        layer.pairs()
                .filter(pairs -> pairs != count)
                .ifPresent(pairs -> bad(
                        key,
                        "must have " + Shown.number(pairs) + " numbers, one per pair, had " + count
                                + "; the model fails to load"));
        divisors.get().stream()
                .filter(divisor -> divisor <= 0)
                .findFirst()
                .ifPresent(divisor -> bad(
                        key,
                        "must hold numbers above 0, had " + Shown.number(divisor)
                                + "; its frequency becomes negative or infinite"));
    }

    /** Frequencies of Resonance, as 'resonance export' writes them; of two different lists the one for long texts. */
    private void periods() {
        Optional<List<Double>> divisors = dictionary.numbers("long_factor");
        Optional<Double> base = layer.base();
        if (layer.engine() != Engine.CONVERTER && divisors.isPresent() && base.isPresent()) {
            DivisorPeriods.said(base.get(), divisors.get(), Rounding.NONE)
                    .ifPresent(
                            periods -> findings.about(LintRule.RESONANT_DIVISORS, layer.path("long_factor"), periods));
        }
    }

    private void bad(String key, String what) {
        findings.about(LintRule.BAD_DIVISORS, layer.path(key), " " + what);
    }
}
