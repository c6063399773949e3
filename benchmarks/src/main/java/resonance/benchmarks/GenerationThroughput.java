package resonance.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import resonance.language.LanguageModel;
import resonance.model.Model;
import resonance.model.reading.ModelReader;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.FrozenDecoder;
import resonance.transformer.inference.PassListener;
import resonance.transformer.tensor.Precision;

/**
 * Tokens a second of a prompt that is read and of tokens that are written after it, one by one, with a KV cache.
 *
 * <p>{@code benchmarks/compare-generation} runs it and llama.cpp in turn: {@code --model FILE --text FILE --contexts 0,2048,8192
 * --new 64 --precision float32|bfloat16|auto --threads 2 --tokens FILE}. The last is written, not read: the ids, with the
 * beginning-of-sequence token, or the text's first token, before each prompt. At each context the prompt is read, and then so many
 * tokens of the text itself are written: both sides do the same work, whatever they would choose. Choosing is not in the time,
 * making the logits that it takes is. A few tokens are written before to warm up; opening the model and tokenizing are not in it
 * either. {@code cpuShare} is the share of its threads' time that the process had while it wrote.
 */
public final class GenerationThroughput {
    private static final int WARM_UP_TOKENS = 32;

    private GenerationThroughput() {}

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
                "--contexts",
                "0,2048,8192",
                "--new",
                "64",
                "--precision",
                "auto",
                "--tokens",
                "");
        List<Integer> contexts = Stream.of(run.text("--contexts").split(",", -1))
                .map(Integer::valueOf)
                .toList();
        int written = run.whole("--new");
        int threads = run.whole("--threads");
        Model files = ModelReader.open(Path.of(run.text("--model")));
        Precision precision =
                run.precision(FrozenDecoder.writingProduct(files.description().decoder()));
        try (LanguageModel model = LanguageModel.load(files, precision, threads)) {
            int longest = contexts.stream().mapToInt(Integer::intValue).max().orElse(0);
            int[] tokens = tokens(model, Path.of(run.text("--text")), Math.max(longest + written, WARM_UP_TOKENS) + 1);
            run.writeTokens(tokens);
            measure(model, tokens, 0, WARM_UP_TOKENS, run);
            List<String> lines = new ArrayList<>();
            for (int context : contexts) {
                lines.add(measure(model, tokens, context, written, run));
            }
            return String.format(
                    Locale.ROOT,
                    "{\"precision\": \"%s\", \"peakMegabytes\": %d, \"contexts\": [%s]}",
                    precision.label(),
                    ThroughputRun.peakMegabytes(),
                    String.join(", ", lines));
        }
    }

    /** A prompt of one token more than the context, and so many tokens after it. */
    private static String measure(LanguageModel model, int[] tokens, int context, int written, ThroughputRun run) {
        int length = context + written + 1;
        try (DecodingSession session = model.decoder().start(ThroughputRun.ownEncoding(model, length), length)) {
            run.start();
            session.append(Arrays.copyOf(tokens, context + 1), PassListener.SILENT);
            double reading = run.wallSeconds();
            run.start();
            for (int i = context + 1; i <= context + written; i++) {
                session.append(new int[] {tokens[i]}, PassListener.SILENT);
            }
            double wall = run.wallSeconds();
            return String.format(
                    Locale.ROOT,
                    "{\"context\": %d, \"read\": %.2f, \"written\": %.3f, \"cpuShare\": %.3f}",
                    context,
                    (context + 1) / reading,
                    written / wall,
                    run.cpuSeconds() / wall / model.threads());
        }
    }

    private static int[] tokens(LanguageModel model, Path text, int count) throws IOException {
        int[] ids = model.tokenizer().encode(Files.readString(text));
        if (ids.length < count) {
            throw new IllegalArgumentException("text must have at least " + count + " tokens, has " + ids.length);
        }
        int[] used = Arrays.copyOf(ids, count);
        model.tokenizer().beginningOfSequence().ifPresent(beginning -> used[0] = beginning);
        return used;
    }
}
