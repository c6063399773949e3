package resonance.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.model.EncodingChoice;
import resonance.model.Model;
import resonance.model.gguf.GgmlType;
import resonance.model.gguf.GgufWriter;
import resonance.model.reading.ModelReader;
import resonance.rope.LongRopeScaling;
import resonance.rope.ProportionalScaling;
import resonance.rope.ScalingSettings;
import resonance.serving.export.CarriedFiles;
import resonance.serving.export.Export;
import resonance.serving.export.ExportOutput;
import resonance.serving.export.ServedEncoding;

/**
 * Every encoding exported into a random GGUF file and run by stock llama.cpp, against our own decoder with that encoding on
 * the file before the export.
 */
@Tag("outside-program")
class LlamaCppExportParityTest {
    private static final int TEXT = 400;
    private static final int CONTEXT = 4 * RandomGguf.TRAINED_LENGTH;

    /** The export moves a prediction by more than this; an encoding that were not read would be seen. */
    private static final double VISIBLE = 0.05;

    private final Path folder;
    private final LlamaCpp llamaCpp;

    LlamaCppExportParityTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.llamaCpp = new LlamaCpp(folder);
    }

    static Stream<Arguments> exports() {
        List<Arguments> exports = new ArrayList<>();
        EncodingChoice.names().forEach(encoding -> exports.add(Arguments.of("llama", encoding)));
        for (String encoding : List.of(
                "none",
                "yarn",
                "ntk",
                "resonance-none",
                "resonance-yarn",
                "resonance-proportional",
                "resonance-llama3")) {
            exports.add(Arguments.of("qwen2", encoding));
        }
        for (String architecture : List.of("qwen3", "gemma3")) {
            for (String encoding : List.of("linear", "ntk", "abf", "dynamic-ntk", "yarn", "dynamic-yarn")) {
                exports.add(Arguments.of(architecture, encoding));
            }
        }
        return exports.stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("exports")
    void llamaCppPredictsFromTheExportWhatWePredictWithTheEncoding(String architecture, String encoding)
            throws IOException {
        Path source = model(architecture).write(folder.resolve("model.gguf"));
        EncodingChoice choice = EncodingChoice.of(encoding, settings(pairs(architecture)));
        Path exported = export(source, choice);
        int[] tokens = RandomGguf.tokens(TEXT, 71);
        Predictions theirs = Predictions.of(llamaCpp.logits(exported, tokens, "cache=f32"));
        Predictions ours = Predictions.ours(source, tokens, choice, CONTEXT);
        double noise =
                architecture.equals("gemma3") ? LlamaCppParityTest.GELU_TABLE_NOISE : LlamaCppParityTest.FLOAT32_NOISE;
        assertThat(ours.largestDifference(theirs, 0, RandomGguf.TRAINED_LENGTH)).isLessThan(noise);
        assertThat(ours.largestDifference(theirs, RandomGguf.TRAINED_LENGTH, TEXT))
                .isLessThan(noise);
        if (!encoding.equals("none") && !encoding.equals("model")) {
            assertThat(ours.largestDifference(Predictions.ours(source, tokens))).isGreaterThan(VISIBLE);
        }
    }

    /** Rows of quantised matrices move as they are when qwen2 becomes llama. */
    @ParameterizedTest
    @MethodSource("quantised")
    void quantisedRowsAreReorderedAsTheyAre(GgmlType type) throws IOException {
        Path source = new RandomGguf("qwen2", 9).matrices(type).write(folder.resolve("model.gguf"));
        EncodingChoice none = EncodingChoice.of("none", ScalingSettings.DEFAULTS);
        EncodingChoice resonance = EncodingChoice.of("resonance-yarn", ScalingSettings.ofFactor(4));
        int[] tokens = RandomGguf.tokens(TEXT, 72);
        Path exported = export(source, resonance);
        Predictions ours = Predictions.ours(source, tokens, resonance, CONTEXT);
        assertThat(ours.largestDifference(Predictions.ours(exported, tokens)))
                .isLessThan(LlamaCppParityTest.FLOAT32_NOISE);
        Predictions theirs = Predictions.of(llamaCpp.logits(exported, tokens, "cache=f32"));
        // llama.cpp rounds activations before products with quantised weights: near, while another encoding is far.
        assertThat(theirs.variation(ours))
                .isLessThan(theirs.variation(Predictions.ours(source, tokens, none, CONTEXT)) / 2);
    }

    static Stream<GgmlType> quantised() {
        return Stream.of(GgmlType.Q4_0, GgmlType.Q5_1, GgmlType.Q8_0, GgmlType.Q4_K, GgmlType.Q6_K);
    }

    private Path export(Path source, EncodingChoice choice) throws IOException {
        Path out = folder.resolve("exported.gguf");
        try (Model model = ModelReader.open(source)) {
            Export.of(model, ServedEncoding.of(model.positions(), choice, CONTEXT), "test")
                    .write(out, new ExportOutput(CarriedFiles.COPY, true), (done, all) -> {}, () -> false);
        }
        return out;
    }

    /** A llama file comes with divisors of its own, which an export replaces, and "model" has them in it. */
    private static RandomGguf model(String architecture) {
        RandomGguf model = new RandomGguf(architecture, 8);
        return architecture.equals("llama") ? model.with(LlamaCppExportParityTest::addDivisors) : model;
    }

    private static void addDivisors(GgufWriter writer) {
        int pairs = pairs("llama");
        float[] divisors = new float[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            divisors[pair] = pair < pairs / 2 ? 1 : 3;
        }
        writer.addFloats("rope_freqs.weight", List.of((long) pairs), divisors);
    }

    private static int pairs(String architecture) {
        return new RandomGguf(architecture, 0).headSize() / 2;
    }

    /** Settings that every scaling can run with. */
    private static ScalingSettings settings(int pairs) {
        List<Double> longFactors = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            longFactors.add(1 + 3.0 * pair / pairs);
        }
        return ScalingSettings.ofFactor(4)
                .with(ProportionalScaling.ROTATED_SHARE, 0.5)
                .with(LongRopeScaling.SHORT_FACTORS, Collections.nCopies(pairs, 1.0))
                .with(LongRopeScaling.LONG_FACTORS, longFactors);
    }
}
