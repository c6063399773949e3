package resonance.transformer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import resonance.decoder.AttentionKind;
import resonance.decoder.AttentionShape;
import resonance.decoder.DecoderConfig;
import resonance.decoder.EmbeddingSettings;
import resonance.decoder.FeedForwardKind;
import resonance.decoder.FeedForwardShape;
import resonance.decoder.NormSettings;
import resonance.decoder.ParameterLayout;
import resonance.decoder.RelativeBias;
import resonance.rope.LayerFrequencies;
import resonance.rope.NoScaling;
import resonance.rope.RopeFrequencies;
import resonance.rope.RopeShape;
import resonance.transformer.RandomWeights;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.position.AlibiEncoding;
import resonance.transformer.position.NoEncoding;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.training.ActivationMemory.Choice;

/** What a pass keeps changes no result but the order of its sums. */
class ActivationMemoryTest {
    private static final int VOCABULARY = 23;
    private static final int LENGTH = 300; // three blocks of queries
    private static final DecoderConfig PLAIN = DecoderConfig.llamaStyle(VOCABULARY, 16, 3, 4, 2, 6, 20, 1e-5, true);
    private static final PositionEncoding ROTARY =
            new RotaryEncoding(new LayerFrequencies(frequencies(10_000), frequencies(100)));

    static Stream<Arguments> cases() {
        Map<String, DecoderConfig> configs = new LinkedHashMap<>();
        configs.put("llama", PLAIN);
        configs.put("one head for all, biases", PLAIN.with(new AttentionShape(4, 1, 6, true, 0.4)));
        configs.put("windows", PLAIN.with(AttentionKind.ofWindows(List.of(70, 0, 1))));
        configs.put("windows longer than a block", PLAIN.with(AttentionKind.ofWindows(List.of(130, 299, 300))));
        configs.put(
                "gemma",
                PLAIN.with(new NormSettings(1e-6, true, true))
                        .with(new EmbeddingSettings(true, 4, 1))
                        .with(new FeedForwardShape(FeedForwardKind.GEGLU, 20))
                        .with(AttentionKind.ofWindows(List.of(50, 0, 50))));
        configs.put("relu", PLAIN.with(new FeedForwardShape(FeedForwardKind.RELU, 20)));
        return configs.entrySet().stream()
                .flatMap(config -> Stream.of(ROTARY, new AlibiEncoding())
                        .map(encoding -> Arguments.of(
                                config.getKey() + ", " + encoding.getClass().getSimpleName(),
                                config.getValue(),
                                encoding)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void gradientsAreTheSameWhateverIsKept(String name, DecoderConfig config, PositionEncoding encoding) {
        boolean placed = encoding instanceof RotaryEncoding;
        for (TokenBatch batch : List.of(batch(false, false), batch(placed, true))) {
            for (Precision precision : Precision.values()) {
                // bfloat16 has 8 bits: sums in another order may round an activation up instead of down.
                double tolerance = precision == Precision.FLOAT32 ? 1e-5 : 0.05;
                float[] expected = gradient(config, encoding, batch, precision, Choice.NEVER, Choice.NEVER);
                assertClose(
                        gradient(config, encoding, batch, precision, Choice.ALWAYS, Choice.NEVER), expected, tolerance);
                assertClose(
                        gradient(config, encoding, batch, precision, Choice.NEVER, Choice.ALWAYS), expected, tolerance);
                assertClose(
                        gradient(config, encoding, batch, precision, Choice.ALWAYS, Choice.ALWAYS),
                        expected,
                        tolerance);
            }
        }
    }

    @Test
    void aRowOfSeveralRunsOfTheFeedForwardHasTheSameGradient() {
        int length = 2100;
        int[] text = new SplittableRandom(8).ints(length, 0, VOCABULARY).toArray();
        TokenBatch batch = new TokenBatch(1, length, text, text);
        for (DecoderConfig config : List.of(PLAIN, PLAIN.with(new NormSettings(1e-6, false, true)))) {
            for (Precision precision : Precision.values()) {
                assertClose(
                        gradient(config, ROTARY, batch, precision, Choice.ALWAYS, Choice.ALWAYS),
                        gradient(config, ROTARY, batch, precision, Choice.NEVER, Choice.ALWAYS),
                        precision == Precision.FLOAT32 ? 1e-5 : 0.05);
            }
        }
    }

    @Test
    void aTextTooLongForWholeAttentionHasTheLossesOfInference() {
        int length = 1300;
        DecoderConfig config = PLAIN.with(AttentionKind.ofWindows(List.of(0, 400, 0)));
        RandomWeights weights = new RandomWeights(config, 6);
        int[] text = new SplittableRandom(8).ints(length, 0, VOCABULARY).toArray();
        try (Decoder decoder = Decoder.read(new ParameterLayout(config), weights, ComputeDevice.CPU);
                DecoderEvaluator evaluator = new DecoderEvaluator(decoder, ROTARY, length, Precision.FLOAT32, 1);
                FrozenDecoder frozen = FrozenDecoder.load(config, weights, Precision.FLOAT32, 1)) {
            assertClose(evaluator.logits(new TokenBatch(1, length, text, text)), frozen.logits(ROTARY, text), 2e-5);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // rows, length, passes, GiB of memory, recomputes, in blocks
        "16, 64, 2, 16, false, false",
        "1, 1024, 2, 16, false, true", // 1.06 GiB of matrices
        "1, 2048, 2, 16, true, true",
        "1, 2048, 2, 32, false, true",
        "1, 32768, 1, 32, true, true"
    })
    void aDecoderOf135MillionParametersIsTrainedAsItsSizeHasIt(
            int rows, int length, int passes, long gibibytes, boolean recomputes, boolean blocks) {
        DecoderConfig config = DecoderConfig.llamaStyle(49_152, 576, 30, 9, 3, 64, 1536, 1e-5, true);
        PassPlan.Task task = new PassPlan.Task(config, Precision.FLOAT32, rows, length, true, true);
        assertThat(PassPlan.of(ActivationMemory.BY_SIZE, task, passes, gibibytes << 30))
                .isEqualTo(new PassPlan(recomputes, blocks));
        PassPlan.Task inference = new PassPlan.Task(config, Precision.FLOAT32, rows, length, false, true);
        assertThat(PassPlan.of(ActivationMemory.BY_SIZE, inference, passes, gibibytes << 30))
                .isEqualTo(new PassPlan(false, blocks));
    }

    @Test
    void whatCannotGoWithoutAllActivationsIsRefused() {
        ActivationMemory blocks = new ActivationMemory(Choice.BY_SIZE, Choice.ALWAYS);
        ActivationMemory recompute = new ActivationMemory(Choice.ALWAYS, Choice.BY_SIZE);
        String noBlocks = "blockedAttention must not be always with dropout, linear attention or a learned bias on"
                + " scores, or on a GPU, was always; leave it to the size";
        DecoderConfig dropout = PLAIN.withDropout(0.1);
        assertRefused(blocks, dropout, true, noBlocks);
        assertRefused(blocks, PLAIN.with(new RelativeBias(4, 8)), true, noBlocks);
        assertRefused(blocks, PLAIN.with(List.of(AttentionKind.LINEAR)), true, noBlocks);
        assertRefused(blocks, PLAIN, false, noBlocks);
        assertRefused(
                recompute,
                dropout,
                true,
                "recompute must not be always with dropout or on a GPU, was always; leave it to the size");
        PassPlan.Task large = new PassPlan.Task(dropout, Precision.FLOAT32, 1, 4096, true, true);
        assertThat(PassPlan.of(ActivationMemory.BY_SIZE, large, 1, 1)).isEqualTo(PassPlan.WHOLE);
    }

    private static void assertRefused(ActivationMemory wanted, DecoderConfig config, boolean onCpu, String message) {
        PassPlan.Task task = new PassPlan.Task(config, Precision.FLOAT32, 1, 8, true, onCpu);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PassPlan.of(wanted, task, 1, 1L << 34))
                .withMessage(message);
    }

    @Test
    void dropoutIsTheSameFunctionWhateverTheSize() {
        DecoderConfig config = PLAIN.withDropout(0.2);
        float[] expected =
                gradient(config, new NoEncoding(), batch(false, true), Precision.FLOAT32, Choice.NEVER, Choice.NEVER);
        assertThat(gradient(
                        config,
                        new NoEncoding(),
                        batch(false, true),
                        Precision.FLOAT32,
                        Choice.BY_SIZE,
                        Choice.BY_SIZE))
                .isEqualTo(expected);
    }

    private static float[] gradient(
            DecoderConfig config,
            PositionEncoding encoding,
            TokenBatch batch,
            Precision precision,
            Choice recompute,
            Choice blocks) {
        ParameterLayout layout = new ParameterLayout(config);
        TrainerSettings settings = new TrainerSettings(
                        AdamW.DEFAULT, new OneCycleSchedule(1e-2, 10, 0.2, false), precision, 1, 3)
                .with(new ActivationMemory(recompute, blocks));
        try (Decoder decoder = Decoder.of(layout, new RandomWeights(config, 5).flat(layout), ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, encoding, batch.positionsNeeded(), settings)) {
            trainer.gradient(batch); // what an earlier pass leaves behind must not show
            return trainer.gradient(batch);
        }
    }

    /** Two rows; packed ones hold three texts, one of which begins in the middle of a block. */
    private static TokenBatch batch(boolean placed, boolean packed) {
        int[] tokens = new SplittableRandom(9).ints(2 * LENGTH, 0, VOCABULARY).toArray();
        int[] positions = new int[placed ? 2 * LENGTH : 0];
        int[] firstSeen = new int[packed ? 2 * LENGTH : 0];
        for (int i = 0; i < 2 * LENGTH; i++) {
            int place = i % LENGTH;
            int first = place < 41 ? 0 : place < 200 ? 41 : 200;
            if (placed) {
                positions[i] = place - first + (place > 250 ? 600 : 0);
            }
            if (packed) {
                firstSeen[i] = i < LENGTH ? first : 0;
            }
        }
        return new TokenBatch(2, LENGTH, tokens, tokens, positions, firstSeen);
    }

    private static RopeFrequencies frequencies(double base) {
        return new NoScaling().frequencies(RopeShape.of(6, base, 16));
    }

    /** Relative to the largest value. */
    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(actual).hasSameSizeAs(expected);
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isFinite();
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        assertThat(worst).isCloseTo(0, within(tolerance * largest));
    }
}
