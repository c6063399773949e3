package resonance.transformer.inference;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.decoder.Parameter;
import resonance.transformer.tensor.Precision;

/**
 * About how many bytes running a {@link FrozenDecoder} takes on the CPU, before it begins.
 *
 * <pre>
 *   weights           c for every element of the blocks' matrices, 4 for embedding, head, norms and biases
 *   keys and values   K S (4 + c) a token and a layer; of two layers where texts are only scored
 *   rows              4 (D + H S) for every token that is read at once
 *   tables            16 S a token and kind of layer: angles of queries and keys, half of it on the heap while they are made
 *   scratch           a block of 256 rows for every thread
 *   copies            where texts are continued in bfloat16 without a remap, on x86: 2 for every element of the blocks' matrices,
 *                     columns rounded up to a multiple of 512, as tokens that are written are multiplied; part of scratch
 *   remaps            where an encoding remaps positions: queries, keys and tables a second time, as they are for tokens far apart
 *   program           the JVM with its young generation, LibTorch's libraries, and the tokenizer
 *   files             the model's files, mapped: they count as the program's, but the system takes them back when it needs to </pre>
 *
 * <p>c is 4 in float32 and 2 in bfloat16; D width, H and K heads of queries and keys, S head size. The program's part is
 * measured, on Linux with the serial collector: {@value #LIBRARIES} bytes beside the young generation, which the JVM sizes by
 * the machine's memory and the program fills, and {@value #VOCABULARY_ENTRY} for every entry of the vocabulary. The peak of
 * resident memory (VmHWM) of {@code resonance perplexity} is within 5 % of the sum (docs/performance.md).
 *
 * @param weights bytes
 * @param keysAndValues bytes
 * @param rows bytes
 * @param tables bytes
 * @param scratch bytes
 * @param program bytes
 * @param files bytes
 */
public record InferenceMemory(
        long weights, long keysAndValues, long rows, long tables, long scratch, long program, long files) {
    /** The JVM without its young generation, with the native libraries. */
    private static final long LIBRARIES = 290_000_000;

    /** Of the tokenizer: its JSON form, the native tables made of it, and a GGUF file's lists. */
    private static final long VOCABULARY_ENTRY = 1_000;

    /** What is on the heap whatever the text: where weights are read into, and the program's own. */
    private static final long BUFFERS = 64_000_000;

    /**
     * What runs, and how.
     *
     * @param remaps whether positions are remapped, so that queries and keys are rotated and kept in two ways
     */
    public record Decoder(DecoderConfig config, Precision precision, int threads, boolean remaps) {
        /** Without a remap. */
        public Decoder(DecoderConfig config, Precision precision, int threads) {
            this(config, precision, threads, false);
        }

        /** How often queries, rotated keys and tables are there. */
        private long rotations() {
            return remaps ? 2 : 1;
        }

        private long narrow() {
            return precision == Precision.FLOAT32 ? 4 : 2;
        }
    }

    /**
     * Of scoring texts.
     *
     * @param tokens read at once: of all windows of a call together
     * @param files bytes of the model's files
     */
    public static InferenceMemory scoring(Decoder decoder, long tokens, long files) {
        return of(decoder, tokens, tokens, true, files);
    }

    /**
     * Of reading a text that keeps its keys and values, and of the losses of what may follow it; nothing is written.
     *
     * @param prompt tokens read at once
     * @param capacity tokens whose keys and values are kept
     * @param files bytes of the model's files
     */
    public static InferenceMemory reading(Decoder decoder, long prompt, long capacity, long files) {
        return of(decoder, prompt, capacity, false, files);
    }

    /**
     * Of reading a text and continuing it.
     *
     * @param prompt tokens read at once
     * @param capacity tokens whose keys and values are kept
     * @param files bytes of the model's files
     */
    public static InferenceMemory continuing(Decoder decoder, long prompt, long capacity, long files) {
        InferenceMemory read = reading(decoder, prompt, capacity, files);
        long scratch = read.scratch + (decoder.remaps ? 0 : copies(decoder));
        return new InferenceMemory(
                read.weights, read.keysAndValues, read.rows, read.tables, scratch, read.program, files);
    }

    /** Of as many texts at once, each with keys and values of its own. */
    public InferenceMemory together(int texts) {
        return new InferenceMemory(weights, texts * keysAndValues, rows, tables, scratch, program, files);
    }

    private static InferenceMemory of(Decoder decoder, long read, long kept, boolean scores, long files) {
        DecoderConfig config = decoder.config;
        long keyWidth = config.attention().keyWidth();
        long kinds = config.attentionKinds().stream()
                .map(AttentionKind::window)
                .map(window -> window == 0)
                .distinct()
                .count();
        return new InferenceMemory(
                weights(decoder),
                (scores ? 2 : config.layers()) * kept * keyWidth * (4 * decoder.rotations() + decoder.narrow()),
                4
                        * read
                        * (config.width()
                                + decoder.rotations() * config.attention().queryWidth()),
                16L * config.attention().headSize() * kept * kinds * decoder.rotations(),
                decoder.threads * FrozenWorker.bytes(config, decoder.precision, scores),
                LIBRARIES + youngGeneration() + VOCABULARY_ENTRY * config.vocabularySize(),
                files);
    }

    private static long weights(Decoder decoder) {
        long bytes = 0;
        for (Parameter parameter : decoder.config.parameters()) {
            bytes += parameter.size() * (FrozenWeights.isNarrow(parameter) ? decoder.narrow() : 4);
        }
        return bytes;
    }

    /** What a {@link TokenStep} has of the matrices beside the weights. */
    private static long copies(Decoder decoder) {
        RowProduct.Kernel kernel = RowProduct.Kernel.expected(decoder.precision);
        return decoder.config.parameters().stream()
                .filter(FrozenWeights::isNarrow)
                .mapToLong(matrix -> kernel.extraBytes(matrix.shape().get(0), matrix.columns()))
                .sum();
    }

    /** The part of the heap where objects are made, which is filled before anything is collected; a third if nothing says. */
    private static long youngGeneration() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            boolean young = pool.getName().contains("Eden") || pool.getName().contains("Survivor");
            MemoryUsage usage = pool.getUsage();
            if (young && pool.getType() == MemoryType.HEAP && usage != null) {
                bytes += usage.getCommitted();
            }
        }
        return bytes > 0 ? bytes : Runtime.getRuntime().totalMemory() / 3;
    }

    /** The one of the two that takes more. */
    public InferenceMemory larger(InferenceMemory other) {
        return other.required() > required() ? other : this;
    }

    /** All together, as the peak of resident memory: bytes. */
    public long bytes() {
        return required() + files;
    }

    /** What can't be taken back while it runs: bytes. */
    public long required() {
        return weights + keysAndValues + rows + tables + scratch + program;
    }

    /** What must fit into the JVM's heap, of which the tables are made: bytes. */
    public long heap() {
        return tables / 2 + BUFFERS;
    }

    /** What a program that runs, and has not loaded the weights, has yet to take and can't give back: bytes. */
    public long toCome() {
        return required() - program;
    }
}
