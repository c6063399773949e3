package resonance.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import resonance.decoder.DecoderConfig;
import resonance.decoder.LowRankAdapters;
import resonance.decoder.ParameterLayout;
import resonance.rope.NoScaling;
import resonance.rope.RopeShape;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.ProductShape;
import resonance.transformer.training.ActivationMemory;
import resonance.transformer.training.ActivationMemory.Choice;
import resonance.transformer.training.AdamW;
import resonance.transformer.training.Decoder;
import resonance.transformer.training.Initialisation;
import resonance.transformer.training.TokenBatch;
import resonance.transformer.training.Trainer;
import resonance.transformer.training.TrainerSettings;
import resonance.transformer.training.WarmUpSchedule;

/**
 * Tokens a second, and peak memory, of fine-tuning a decoder of SmolLM2-135M's shape on random tokens: whole AdamW steps.
 *
 * <p>Takes the same options as {@code benchmarks/pytorch/finetune_throughput.py} and prints the same JSON keys, so that {@code
 * benchmarks/compare-finetuning} can run the two in turn: {@code --length 2048 --rows 2 --layers 30 --precision
 * float32|bfloat16|auto --recompute by_size|always|never --adapters 0 --threads 2 --steps 3}; {@code --adapters} is the rank of
 * LoRA on all matrices of the layers, 0 for full training. {@code shareOfBareProducts} is the time that all products, attention's
 * too, would take at the rates of bare ones, of the time that was taken; what is recomputed counts once. {@code cpuShare} is the
 * share of its threads' time that the process had; below about 0.9 the machine was busy and the figure does not count.
 */
public final class FineTuningThroughput {
    private static final int VOCABULARY = 49_152;

    private FineTuningThroughput() {}

    /** Prints the one JSON document of {@link #run}. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(run(arguments));
    }

    static String run(String... arguments) throws IOException {
        ThroughputRun run = new ThroughputRun(
                arguments,
                "--length",
                "2048",
                "--rows",
                "2",
                "--layers",
                "30",
                "--vocabulary",
                String.valueOf(VOCABULARY),
                "--precision",
                "float32",
                "--recompute",
                "by_size",
                "--adapters",
                "0",
                "--steps",
                "3");
        int length = run.whole("--length");
        int rows = run.whole("--rows");
        int threads = run.whole("--threads");
        int steps = run.whole("--steps");
        DecoderConfig config = DecoderConfig.llamaStyle(
                run.whole("--vocabulary"), 576, run.whole("--layers"), 9, 3, 64, 1536, 1e-5, true);
        ProductShape product = Trainer.product(config, rows, length, threads);
        Precision precision = run.precision(product);
        BareProducts bare = new BareProducts(config, product, precision, threads);
        Choice recompute = Choice.valueOf(run.text("--recompute").toUpperCase(Locale.ROOT));
        TrainerSettings settings = new TrainerSettings(
                        AdamW.DEFAULT,
                        new WarmUpSchedule(2e-5, 1_000_000, 0, WarmUpSchedule.Decay.CONSTANT),
                        precision,
                        threads,
                        42)
                .with(new ActivationMemory(recompute, Choice.BY_SIZE));
        RotaryEncoding encoding = RotaryEncoding.of(new NoScaling().frequencies(RopeShape.of(64, 100_000, length)));
        int[] tokens = new SplittableRandom(42)
                .ints((long) rows * length + 1, 0, config.vocabularySize())
                .toArray();
        TokenBatch batch = new TokenBatch(
                rows, length, Arrays.copyOf(tokens, rows * length), Arrays.copyOfRange(tokens, 1, tokens.length));
        try (Decoder decoder = Decoder.initialise(
                        layout(config, run.whole("--adapters")), Initialisation.SMALL_NORMAL, 42, ComputeDevice.CPU);
                Trainer trainer = new Trainer(decoder, encoding, length, settings)) {
            double loss = trainer.step(batch); // warms up
            double[] seconds = new double[steps];
            run.start();
            double before = 0;
            for (int step = 0; step < steps; step++) {
                loss = trainer.step(batch);
                seconds[step] = run.wallSeconds() - before;
                before += seconds[step];
            }
            double wall = run.wallSeconds();
            double cpu = run.cpuSeconds();
            Arrays.sort(seconds);
            long all = (long) steps * rows * length;
            return String.format(
                    Locale.ROOT,
                    "{\"tokensPerSecond\": %.2f, \"medianStepSeconds\": %.3f, \"steps\": %d, \"loss\": %.5f,"
                            + " \"cpuShare\": %.3f, \"cpuSecondsPerStep\": %.3f, \"peakMegabytes\": %d, %s}",
                    all / wall,
                    seconds[steps / 2],
                    steps,
                    loss,
                    cpu / wall / threads,
                    cpu / steps,
                    ThroughputRun.peakMegabytes(),
                    bare.members(bare.fineTuningSeconds(all, length) / wall));
        }
    }

    private static ParameterLayout layout(DecoderConfig config, int rank) {
        return rank == 0
                ? new ParameterLayout(config)
                : new ParameterLayout(config, new LowRankAdapters(rank, 2.0 * rank, LowRankAdapters.POSSIBLE, 42));
    }
}
