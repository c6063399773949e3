package resonance.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import resonance.model.EncodingChoice;
import resonance.model.PlacementChoice;
import resonance.rope.EncodingName;
import resonance.rope.PlainNumber;
import resonance.rope.Refusal;
import resonance.rope.RopeEncodings;
import resonance.rope.ScalingSettings;

/** Options for the encodings that a measurement sets side by side. */
final class ComparedEncodings {
    @Option(
            names = "--compare",
            split = ",",
            paramLabel = "NAME",
            description =
                    "encodings: none (plain RoPE), model (the model's own), ${bundle:names.scaled}, and ${bundle:names.resonance} before"
                            + " any of them; or ${bundle:names.remaps}, which remap positions and can't be exported"
                            + " (default: none, linear, ntk, dynamic-ntk and yarn, each with and without)")
    private List<String> encodings;

    @Option(
            names = "--factor",
            paramLabel = "S",
            description = "scaling factor (default: longest length / trained length, at least 1)")
    private @Nullable Double factor;

    @Mixin
    private PlacementOptions placement = new PlacementOptions();

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    /** By default plain RoPE and the usual scalings, each with and without Resonance. */
    ComparedEncodings() {
        this(Stream.of("none", "linear", "ntk", "dynamic-ntk", "yarn")
                .map(RopeEncodings.standard().forModels()::encoding)
                .flatMap(encoding -> Stream.of(encoding, encoding.withResonance()))
                .map(EncodingName::toString)
                .toArray(String[]::new));
    }

    /** By default these; the command's help says so in the bundle's line for it. */
    ComparedEncodings(String... usual) {
        this.encodings = List.of(usual);
    }

    /** Tells how the libraries name these options, and what to do about a refusal. */
    static OptionRefusals describe(OptionRefusals refusals) {
        return ScalingOptions.describe(refusals)
                .called("--compare", "encoding", "encodings")
                .cure("--factor", "leave it out for longest length / trained length");
    }

    /**
     * The encodings, in the order given.
     *
     * @throws Refusal if one is unknown
     */
    List<EncodingName> encodings() {
        return encodings.stream()
                .map(RopeEncodings.installed().forMeasuring()::encoding)
                .toList();
    }

    /** The factor asked for; empty for what the lengths ask for. */
    OptionalDouble factor() {
        return factor == null ? OptionalDouble.empty() : OptionalDouble.of(factor);
    }

    /**
     * Where they go in a model that comes with a scaling of its own.
     *
     * @throws Refusal if the trained length is none
     */
    PlacementChoice placement() {
        return placement.choice();
    }

    /**
     * What the scalings read; the factor is one if none was asked for.
     *
     * @throws IllegalArgumentException if a value is out of range, or an encoding refuses them
     */
    ScalingSettings settings() {
        ScalingSettings settings = ScalingOptions.settings(command, factor().orElse(1));
        encodings().stream()
                .filter(encoding -> encoding.remapMethod().isEmpty())
                .forEach(encoding -> EncodingChoice.of(encoding, settings));
        return settings;
    }

    /** Refuses an option that none of the encodings reads. */
    void requireRead(CommandSpec parsed) {
        ScalingOptions.ofModels()
                .requireRead(
                        parsed,
                        encodings().stream()
                                .map(EncodingName::method)
                                .distinct()
                                .toList(),
                        "--compare");
    }

    /** The encodings, the factor in use and what was said of the place, as the options that ask for them. */
    static List<String> words(List<EncodingName> encodings, ScalingSettings settings, PlacementChoice placement) {
        List<String> words = new ArrayList<>();
        words.add("--compare " + encodings.stream().map(EncodingName::toString).collect(Collectors.joining(",")));
        words.add("--factor " + PlainNumber.text(settings.factor()));
        words.addAll(PlacementOptions.words(placement));
        return words;
    }
}
