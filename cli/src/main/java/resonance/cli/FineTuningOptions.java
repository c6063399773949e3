package resonance.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import resonance.decoder.LowRankAdapters;
import resonance.language.finetuning.AdapterSettings;
import resonance.language.finetuning.FineTuningSettings;
import resonance.language.finetuning.PositionScheme;
import resonance.language.finetuning.Recipe;
import resonance.rope.Refusal;
import resonance.serving.export.ServedEncoding;
import resonance.transformer.tensor.PrecisionChoice;
import resonance.transformer.training.ActivationMemory;
import resonance.transformer.training.WarmUpSchedule;

/** Options for the fine-tuning of a model; what is left out is taken from a preset. */
final class FineTuningOptions {
    private static final double VALIDATION_SHARE = 0.05;
    private static final int VALIDATION_TOKENS = 16_384;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "paper-long: 50 steps of 4 windows of --length; paper-short: 400 steps of 4 windows of the"
                    + " trained length; pose: 1000 steps of 64 windows of the trained length at skipped positions"
                    + " (default: ${DEFAULT-VALUE})")
    private String preset = "paper-long";

    @Option(
            names = "--positions",
            paramLabel = "NAME",
            description = "long: one after the other; skip-wise: the second part of a window is moved on, so that its"
                    + " positions reach up to --length")
    private @Nullable String positions;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "tokens of a training window, at most --length (default: --length; the trained length with"
                    + " paper-short and pose)")
    private @Nullable Integer window;

    @Option(names = "--steps", paramLabel = "N", description = "optimiser steps")
    private @Nullable Long steps;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "windows of one step; they go through the model a few at a time, so that this costs no memory"
                    + " (gradient accumulation)")
    private @Nullable Integer batchRows;

    @Option(names = "--learning-rate", paramLabel = "X", description = "its peak (default: 2e-5)")
    private @Nullable Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "linear, cosine or constant, after the warm-up (default: linear)")
    private @Nullable String schedule;

    @Option(
            names = "--warm-up",
            paramLabel = "X",
            description = "share of the steps in which the rate rises from 0 (default: 0.05; pose: 0.01)")
    private @Nullable Double warmUpFraction;

    @Option(names = "--weight-decay", paramLabel = "X", description = "decoupled weight decay (default: 0.01; pose: 0)")
    private @Nullable Double weightDecay;

    @Option(
            names = "--clip",
            paramLabel = "X",
            description = "largest norm of a step's gradient; 0 for any (default: 1)")
    private @Nullable Double clip;

    @Option(
            names = "--lora",
            paramLabel = "RANK",
            description = "train low-rank adapters of this rank in place of the model's own parameters")
    private @Nullable Integer rank;

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "with --lora: A / RANK multiplies them (default: 2 RANK)")
    private @Nullable Double alpha;

    @Option(
            names = "--targets",
            paramLabel = "NAME",
            split = ",",
            description = "with --lora: matrices that get one (default: q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,"
                    + "down_proj)")
    private List<String> targets = List.of();

    @Option(
            names = "--adapter",
            paramLabel = "HOW",
            description = "with --lora: merged into the model, or apart, as PEFT reads it (default: merged)")
    private @Nullable String adapter;

    @Option(
            names = "--join",
            description = "let documents that meet in a window see each other, as if they were one text")
    private boolean joined;

    @Option(
            names = "--validation-share",
            paramLabel = "X",
            description = "share of the texts to measure the loss on (default: ${DEFAULT-VALUE})")
    private double validationShare = VALIDATION_SHARE;

    @Option(
            names = "--validation-tokens",
            paramLabel = "N",
            description = "most tokens of these in a measurement (default: ${DEFAULT-VALUE})")
    private int validationTokens = VALIDATION_TOKENS;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description = "steps from one validation to the next (default: a tenth of all)")
    private @Nullable Long validationEvery;

    @Option(
            names = "--recompute",
            paramLabel = "HOW",
            description =
                    "on, off or auto: make activations anew on the way back, for less memory and a third more time"
                            + " (default: auto, where they would take a quarter of the memory)")
    private String recompute = "auto";

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "determines the order of the windows and what is skipped (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    /** Tells what the library calls these options. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return refusals.called("--batch", "batchRows")
                .called("--learning-rate", "peakLearningRate")
                .called("--warm-up", "warmUpFraction")
                .called("--validate-every", "validationEvery")
                .called("--clip", "maximumGradientNorm")
                .called("--lora", "rank");
    }

    /**
     * The settings that these options ask for, in a provisional precision.
     *
     * @throws IllegalArgumentException if a value is out of range, in the library's words
     */
    FineTuningSettings settings(ServedEncoding encoding, MachineOptions machine) {
        Recipe recipe = over(preset(encoding));
        return new FineTuningSettings(
                encoding,
                recipe,
                adapter(),
                joined,
                validationShare,
                validationTokens,
                validationEvery != null ? validationEvery : Math.max(1, recipe.steps() / 10),
                seed,
                recompute(),
                PrecisionChoice.asked(machine.provisional()),
                machine.threads());
    }

    private Optional<AdapterSettings> adapter() {
        if (rank == null) {
            requireNoLora("alpha", alpha);
            requireNoLora("targets", targets.isEmpty() ? null : String.join(",", targets));
            requireNoLora("adapter", adapter);
            return Optional.empty();
        }
        boolean apart = adapter != null
                && KnownName.find("adapter", adapter, List.of("merged", "apart"), name -> name)
                        .equals("apart");
        return Optional.of(new AdapterSettings(
                new LowRankAdapters(
                        rank,
                        alpha != null ? alpha : 2.0 * rank,
                        AdapterSettings.targets(targets.isEmpty() ? AdapterSettings.possibleTargets() : targets),
                        seed),
                apart));
    }

    private static void requireNoLora(String option, @Nullable Object value) {
        if (value != null) {
            throw Refusal.was(option, "must go with {lora}", value).cure("give {lora} 16, or leave it out");
        }
    }

    private ActivationMemory.Choice recompute() {
        return switch (KnownName.find("recompute", recompute, List.of("auto", "on", "off"), name -> name)) {
            case "on" -> ActivationMemory.Choice.ALWAYS;
            case "off" -> ActivationMemory.Choice.NEVER;
            default -> ActivationMemory.Choice.BY_SIZE;
        };
    }

    private Recipe preset(ServedEncoding encoding) {
        String known = KnownName.find("preset", preset, List.of("paper-long", "paper-short", "pose"), name -> name);
        int trained = Math.min(encoding.own().trainedLength(), encoding.contextLength());
        return switch (known) {
            case "paper-short" -> Recipe.paperShort(trained);
            case "pose" -> Recipe.pose(trained);
            default -> Recipe.paperLong(encoding.contextLength());
        };
    }

    private Recipe over(Recipe recipe) {
        return new Recipe(
                positions == null
                        ? recipe.positions()
                        : KnownName.find(
                                "positions", positions, List.of(PositionScheme.values()), PositionScheme::label),
                window != null ? window : recipe.window(),
                steps != null ? steps : recipe.steps(),
                batchRows != null ? batchRows : recipe.batchRows(),
                learningRate != null ? learningRate : recipe.learningRate(),
                weightDecay != null ? weightDecay : recipe.weightDecay(),
                warmUpFraction != null ? warmUpFraction : recipe.warmUpFraction(),
                schedule == null
                        ? recipe.decay()
                        : KnownName.find(
                                "schedule",
                                schedule,
                                List.of(WarmUpSchedule.Decay.values()),
                                decay -> decay.name().toLowerCase(Locale.ROOT)),
                clip == null
                        ? recipe.maximumGradientNorm()
                        : clip == 0 ? OptionalDouble.empty() : OptionalDouble.of(clip));
    }
}
