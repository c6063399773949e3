package resonance.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import resonance.decoder.DecoderConfig;
import resonance.language.LanguageModel;
import resonance.model.Model;
import resonance.model.reading.ModelReader;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.inference.PassListener;
import resonance.transformer.inference.TokenWindow;
import resonance.transformer.position.RotaryEncoding;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.ProductShape;

/**
 * Tokens a second of a perplexity run as llama.cpp has it: whole chunks of a text, the second half of each scored.
 *
 * <p>{@code benchmarks/compare-perplexity} runs it and llama.cpp in turn: {@code --model FILE --text FILE --length 2048
 * --chunks 1 --precision float32|bfloat16|auto --threads 2 --tokens FILE}. The last is written, not read: the ids, with the
 * beginning-of-sequence token if the model expects one. The time is that of the pass with the loss, after a short
 * one to warm up; opening the model and tokenizing are not in it. {@code cpuShare} is the share of its threads' time that
 * the process had; below about 0.9 the machine was busy and the figure does not count. {@code peakMegabytes} is the
 * process's largest resident memory, 0 where the system doesn't tell. {@code shareOfBareProducts} is the time that all products would
 * take at {@code bareFloat32} and {@code bareBfloat16}, GFLOP/s a thread as measured alone, of the time that was taken.
 */
public final class PerplexityThroughput {
    private static final int WARM_UP_TOKENS = 512;

    private PerplexityThroughput() {}

    /** Prints the one JSON document of {@link #run}. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(run(arguments));
    }

    static String run(String... arguments) throws IOException {
        ThroughputRun run = new ThroughputRun(
                arguments,
                "--model",
                "models/SmolLM2-135M-Instruct.Q4_1.gguf",
                "--text",
                "",
                "--length",
                "2048",
                "--chunks",
                "1",
                "--precision",
                "float32",
                "--tokens",
                "");
        int length = run.whole("--length");
        int threads = run.whole("--threads");
        Model files = ModelReader.open(Path.of(run.text("--model")));
        DecoderConfig config = files.description().decoder();
        ProductShape product = FrozenDecoder.readingProduct(config);
        Precision precision = run.precision(product);
        BareProducts bare = new BareProducts(config, product, precision, threads);
        try (LanguageModel model = LanguageModel.load(files, precision, threads)) {
            int[] tokens = tokens(model, Path.of(run.text("--text")));
            List<TokenWindow> chunks = chunks(model, tokens, length, run.whole("--chunks"));
            run.writeTokens(Arrays.copyOf(tokens, length * chunks.size()));
            RotaryEncoding encoding = ThroughputRun.ownEncoding(model, length);
            loss(model, encoding, new TokenWindow(Arrays.copyOf(tokens, WARM_UP_TOKENS), 1));
            double sum = 0;
            int scored = 0;
            run.start();
            for (TokenWindow chunk : chunks) {
                sum += loss(model, encoding, chunk);
                scored += chunk.scored();
            }
            double wall = run.wallSeconds();
            double cpu = run.cpuSeconds();
            return String.format(
                    Locale.ROOT,
                    "{\"tokensPerSecond\": %.2f, \"perplexity\": %.5f, \"scored\": %d, \"beginning\": %d,"
                            + " \"cpuShare\": %.3f, \"cpuSeconds\": %.2f, \"peakMegabytes\": %d, %s}",
                    (double) length * chunks.size() / wall,
                    Math.exp(sum / scored),
                    scored,
                    model.tokenizer().beginningOfSequence().orElse(-1),
                    cpu / wall / threads,
                    cpu,
                    ThroughputRun.peakMegabytes(),
                    bare.members(bare.readingSeconds(length, (double) scored / chunks.size()) * chunks.size() / wall));
        }
    }

    private static int[] tokens(LanguageModel model, Path text) throws IOException {
        int[] ids = model.tokenizer().encode(Files.readString(text));
        OptionalInt beginning = model.tokenizer().beginningOfSequence();
        if (beginning.isEmpty()) {
            return ids;
        }
        int[] begun = new int[ids.length + 1];
        begun[0] = beginning.getAsInt();
        System.arraycopy(ids, 0, begun, 1, ids.length);
        return begun;
    }

    private static List<TokenWindow> chunks(LanguageModel model, int[] tokens, int length, int count) {
        if (tokens.length < (long) length * count || tokens.length < WARM_UP_TOKENS) {
            throw new IllegalArgumentException("text must have at least " + Math.max(WARM_UP_TOKENS, length * count)
                    + " tokens, has " + tokens.length);
        }
        List<TokenWindow> chunks = new ArrayList<>();
        for (int chunk = 0; chunk < count; chunk++) {
            int[] ids = Arrays.copyOfRange(tokens, chunk * length, (chunk + 1) * length);
            model.tokenizer().beginningOfSequence().ifPresent(beginning -> ids[0] = beginning);
            chunks.add(new TokenWindow(ids, length / 2 + 1));
        }
        return chunks;
    }

    /** Sum over the scored tokens. */
    private static double loss(LanguageModel model, RotaryEncoding encoding, TokenWindow window) {
        double sum = 0;
        for (float loss : model.decoder().negativeLogLikelihoods(encoding, List.of(window), PassListener.SILENT)[0]) {
            sum += loss;
        }
        return sum;
    }
}
