package resonance.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import resonance.decoder.DecoderConfig;
import resonance.posgen.PosgenSpec;
import resonance.posgen.PosgenSplits;
import resonance.posgen.PosgenTask;
import resonance.posgen.SequenceSet;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.ProductShape;
import resonance.transformer.training.AdamW;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.Initialisation;
import resonance.transformer.training.OneCycleSchedule;
import resonance.transformer.training.TokenBatch;
import resonance.transformer.training.Trainer;
import resonance.transformer.training.TrainerSettings;

/**
 * Tokens a second of training the paper's decoder on PosGen: batch 128 × 64, AdamW, whole optimiser steps.
 *
 * <p>Takes the same options as {@code benchmarks/pytorch/train_throughput.py} and prints the same JSON keys, so that {@code
 * benchmarks/compare-training} can run the two in turn: {@code --d-model 512 --heads 8 --dropout 0.1 --precision
 * float32|bfloat16|auto --threads 2 --seconds 20}. {@code bareFloat32} and {@code bareBfloat16} are the rates of bare products of
 * this size, GFLOP/s a thread, and {@code shareOfBareProducts} is the time that the products with weights would take at these rates,
 * of the time that was taken. {@code cpuShare} is the share of its threads' time that the process had;
 * below about 0.9 the machine was busy and the figure does not count.
 */
public final class TrainingThroughput {
    private static final int BATCH = 128;
    private static final int LENGTH = 64;
    private static final int WARM_UP_STEPS = 5;
    private static final int SETS = 8;

    private TrainingThroughput() {}

    /** Prints the one JSON document of {@link #run}. */
    public static void main(String[] arguments) {
        System.out.println(run(arguments));
    }

    static String run(String... arguments) {
        ThroughputRun run = new ThroughputRun(
                arguments,
                "--d-model",
                "512",
                "--heads",
                "8",
                "--dropout",
                "0.1",
                "--precision",
                "float32",
                "--seconds",
                "20");
        int width = run.whole("--d-model");
        int heads = run.whole("--heads");
        int threads = run.whole("--threads");
        double seconds = run.number("--seconds");
        DecoderConfig config = DecoderConfig.t5Style(
                PosgenSpec.PAPER_MODULUS + 1, width, 2, heads, width / heads, 4 * width, run.number("--dropout"));
        RotaryEncoding encoding = RotaryEncoding.of(
                new NoScaling().frequencies(RopeShape.of(width / heads, RopeShape.DEFAULT_BASE, LENGTH)));
        ProductShape product = Trainer.product(config, BATCH, LENGTH, threads);
        Precision precision = run.precision(product);
        BareProducts bare = new BareProducts(config, product, precision, threads);
        TrainerSettings settings = new TrainerSettings(
                AdamW.DEFAULT, new OneCycleSchedule(2e-4, 1_000_000, 0.1, false), precision, threads, 42);
        TokenBatch[] batches = batches();
        try (Decoder decoder = Decoder.initialise(config, Initialisation.T5, 42, ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, encoding, LENGTH, settings)) {
            for (int i = 0; i < WARM_UP_STEPS; i++) {
                trainer.step(batches[i % SETS]);
            }
            long steps = 0;
            double loss = 0;
            run.start();
            do {
                loss = trainer.step(batches[(int) (steps % SETS)]);
                steps++;
            } while (run.wallSeconds() < seconds);
            double wall = run.wallSeconds();
            double cpu = run.cpuSeconds();
            return String.format(
                    Locale.ROOT,
                    "{\"tokensPerSecond\": %.1f, \"millisecondsPerStep\": %.2f, \"steps\": %d, \"loss\": %.5f,"
                            + " \"cpuShare\": %.3f, \"cpuSecondsPerStep\": %.4f, %s}",
                    steps * BATCH * LENGTH / wall,
                    1e3 * wall / steps,
                    steps,
                    loss,
                    cpu / wall / threads,
                    cpu / steps,
                    bare.members(bare.trainingSeconds(steps * BATCH * LENGTH) / wall));
        }
    }

    /** Chain-of-thought sequences behind a start token; the seeds are not to be predicted. */
    private static TokenBatch[] batches() {
        PosgenSpec spec = PosgenSpec.paper(PosgenTask.CHAIN_OF_THOUGHT);
        SequenceSet train =
                PosgenSplits.draw(spec, SETS * BATCH, 1, 1, LENGTH, LENGTH, 42).train();
        TokenBatch[] batches = new TokenBatch[SETS];
        for (int set = 0; set < SETS; set++) {
            int[] inputs = new int[BATCH * LENGTH];
            int[] targets = new int[BATCH * LENGTH];
            for (int row = 0; row < BATCH; row++) {
                train.copyRow(set * BATCH + row, targets, row * LENGTH);
                inputs[row * LENGTH] = spec.modulus();
                System.arraycopy(targets, row * LENGTH, inputs, row * LENGTH + 1, LENGTH - 1);
                Arrays.fill(targets, row * LENGTH, row * LENGTH + spec.seedTokens(), TokenBatch.IGNORED);
            }
            batches[set] = new TokenBatch(BATCH, LENGTH, inputs, targets);
        }
        return batches;
    }
}
