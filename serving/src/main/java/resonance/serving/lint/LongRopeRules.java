package resonance.serving.lint;

import static resonance.serving.lint.LayerReading.MAXIMUM_LENGTH;
import static resonance.serving.lint.LayerReading.TRAINED_LENGTH;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What {@code longrope} comes to: its divisors, and which of its two lists is used when. */
final class LongRopeRules {
    private static final String HEAD_SIZE = "head_dim";
    private static final Set<String> WITHOUT_HEAD_SIZE = Set.of("mistral", "mixtral", "ministral");

    private final LayerReading layer;
    private final JsonValues dictionary;
    private final Findings findings;

    LongRopeRules(LayerReading layer, Findings findings) {
        this.layer = layer;
        this.dictionary = layer.dictionary();
        this.findings = findings;
    }

    void check() {
        divisors("short_factor");
        divisors("long_factor");
        headSize();
        factorOverridden();
        magnitudeOfMaximum();
        OptionalDouble trained = layer.trainedLength();
        OptionalDouble maximum = layer.maximumLength();
        if (trained.isEmpty() || maximum.isEmpty()) {
            return;
        }
        boolean beyond = trained.getAsDouble() < maximum.getAsDouble();
        if (layer.engine() == Engine.TRANSFORMERS_5 && layer.nested() && beyond) {
            add(
                    LintRule.NESTED_LONGROPE,
                    layer.path(TRAINED_LENGTH),
                    layer.path(TRAINED_LENGTH) + " = " + Shown.number(trained.getAsDouble()) + " is below "
                            + MAXIMUM_LENGTH + " = " + Shown.number(maximum.getAsDouble())
                            + "; the second pass longer than it fails (UnboundLocalError)",
                    "write max_position_embeddings there, factor 1 and an explicit attention_factor");
        }
        if (twoLists()) {
            choice(Shown.number(trained.getAsDouble()), beyond);
        }
    }

    /** These classes of transformers 4 leave the key null where it is not given, and longrope alone multiplies by it. */
    private void headSize() {
        if (layer.engine() == Engine.TRANSFORMERS_4
                && WITHOUT_HEAD_SIZE.contains(layer.modelType())
                && !layer.config().has(HEAD_SIZE)) {
            add(
                    LintRule.LONGROPE_WITHOUT_HEAD_DIM,
                    HEAD_SIZE,
                    "head_dim is absent, and model_type '" + layer.modelType()
                            + "' has none of its own; the model fails to load (TypeError)",
                    "write head_dim = hidden_size / num_attention_heads");
        }
    }

    private boolean twoLists() {
        Optional<List<Double>> shorter = dictionary.numbers("short_factor");
        Optional<List<Double>> longer = dictionary.numbers("long_factor");
        return shorter.isPresent() && longer.isPresent() && !shorter.equals(longer);
    }

    /** Which of two different lists is used. */
    private void choice(String trained, boolean beyond) {
        if (!beyond) {
            boolean unread = layer.engine() == Engine.TRANSFORMERS_4 && dictionary.has(TRAINED_LENGTH);
            add(
                    LintRule.LONGROPE_ALWAYS_SHORT,
                    layer.path(TRAINED_LENGTH),
                    (unread ? layer.path(TRAINED_LENGTH) + " is not read; the" : "the")
                            + " trained length is " + trained + ", so short_factor is used for every text up to "
                            + MAXIMUM_LENGTH,
                    unread
                            ? "write original_max_position_embeddings at the top level, or one list into both"
                            : "write the trained length as original_max_position_embeddings, or one list into both");
        } else if (layer.engine() == Engine.VLLM) {
            add(
                    LintRule.LONGROPE_CHOSEN_AT_START,
                    layer.path("long_factor"),
                    "long_factor is used for every text if max_model_len is above " + trained + ", else short_factor",
                    "choose --max-model-len for the texts to be served, or write one list into both");
        } else if (!layer.isPhi3()) {
            add(
                    LintRule.LONGROPE_SWITCH,
                    layer.path("long_factor"),
                    "a text that grows beyond " + trained
                            + " tokens changes from short_factor to long_factor, and keys that are cached stay as they"
                            + " were",
                    "write one list into both");
        }
    }

    private void factorOverridden() {
        OptionalDouble factor = layer.factor();
        OptionalDouble top = layer.config().positive(TRAINED_LENGTH);
        OptionalDouble maximum = layer.maximumLength();
        if (layer.engine() != Engine.TRANSFORMERS_4
                || factor.isEmpty()
                || top.isEmpty()
                || maximum.isEmpty()
                || dictionary.has("attention_factor")) {
            return;
        }
        double ratio = maximum.getAsDouble() / top.getAsDouble();
        if (Math.abs(ratio - factor.getAsDouble()) > 1e-6 * ratio) {
            add(
                    LintRule.FACTOR_OVERRIDDEN,
                    layer.path("factor"),
                    layer.path("factor") + " = " + Shown.number(factor.getAsDouble())
                            + " is not read beside a top-level " + TRAINED_LENGTH + "; the magnitude is that of "
                            + MAXIMUM_LENGTH + " / " + TRAINED_LENGTH + " = " + Shown.rounded(ratio),
                    "write the magnitude as attention_factor");
        }
    }

    /** Transformers 4 takes the logarithm of the maximum length where it does not see the trained one. */
    private void magnitudeOfMaximum() {
        OptionalDouble factor = layer.factor();
        OptionalDouble inside = dictionary.positive(TRAINED_LENGTH);
        OptionalDouble computed = layer.magnitude();
        if (layer.engine() != Engine.TRANSFORMERS_4
                || layer.isPhi3()
                || layer.config().has(TRAINED_LENGTH)
                || dictionary.has("attention_factor")
                || factor.isEmpty()
                || inside.isEmpty()
                || computed.isEmpty()) {
            return;
        }
        double meant = LayerReading.longRopeMagnitude(factor.getAsDouble(), inside.getAsDouble());
        if (Math.abs(meant - computed.getAsDouble()) > 1e-6 * meant) {
            add(
                    LintRule.TRAINED_LENGTH_UNREAD,
                    layer.path(TRAINED_LENGTH),
                    layer.path(TRAINED_LENGTH) + " is not read for longrope; the magnitude is "
                            + Shown.rounded(computed.getAsDouble()) + " and not " + Shown.rounded(meant),
                    "write the magnitude as attention_factor");
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
        OptionalDouble pairs = layer.pairs();
        int count = divisors.get().size();
        if (pairs.isPresent() && pairs.getAsDouble() != count) {
            bad(
                    key,
                    "must have " + Shown.number(pairs.getAsDouble()) + " numbers, one per pair, had " + count
                            + "; the model fails to load");
        }
        divisors.get().stream()
                .filter(divisor -> divisor <= 0)
                .findFirst()
                .ifPresent(divisor -> bad(
                        key,
                        "must hold numbers above 0, had " + Shown.number(divisor)
                                + "; its frequency becomes negative or infinite"));
    }

    private void bad(String key, String what) {
        add(
                LintRule.BAD_DIVISORS,
                layer.path(key),
                layer.path(key) + " " + what,
                "write base frequency over wanted frequency for every pair; 1e30 for one that shall not rotate");
    }

    private void add(LintRule rule, String key, String message, String remedy) {
        findings.add(layer.engine(), rule, key, message, remedy);
    }
}
