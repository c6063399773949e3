package resonance.transformer.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import resonance.decoder.AttentionKind;
import resonance.decoder.DecoderConfig;
import resonance.decoder.WeightSource;
import resonance.rope.Refusal;
import resonance.transformer.position.PositionEncoding;
import resonance.transformer.position.PositionTensors;
import resonance.transformer.tensor.ComputeDevice;
import resonance.transformer.tensor.LibTorch;
import resonance.transformer.tensor.Precision;
import resonance.transformer.tensor.ProductShape;
import resonance.transformer.tensor.TensorArena;
import resonance.transformer.tensor.Workers;

/**
 * A decoder that is only run: weights loaded once, texts of any length scored or continued in flat memory.
 *
 * <p>Position encoding is given with every call, so one loaded decoder serves a comparison of encodings. In {@link
 * Precision#BFLOAT16} the products with weight matrices and of probabilities with values take bfloat16 factors;
 * attention scores, norms, the residual stream, logits and losses are float32. Work is spread over worker threads in
 * blocks of rows; results do not depend on the number of threads. Runs on the CPU.
 *
 * <p>For tokens that follow a text one by one attention's probabilities are not rounded in bfloat16, and where the CPU has products of
 * float32 rows and float16 weights no rows are: weights are then copied, 2 bytes for every element of the blocks' matrices, when the
 * first such token is read. Below 2^-17 the copies are multiples of 2^-24.
 *
 * <p>For N tokens at once the memory beside the weights is N·(4 D + 4 H S + 12 K S) bytes in bfloat16 (16 K S in float32; 4 H S +
 * 8 K S more where positions are remapped), and a few megabytes a thread: nothing grows with N² or with N·V.
 *
 * <p>Owns native memory: close it, after its sessions. One call at a time: methods are synchronized.
 */
public final class FrozenDecoder implements AutoCloseable {
    /** Runs of rows scored between two calls of a listener. */
    private static final int SCORED_TOGETHER = 16;

    private final DecoderConfig config;
    private final Precision precision;
    private final FrozenWeights weights;
    private final Workers workers;
    private final List<FrozenWorker> states = new ArrayList<>();
    private final FrozenPass pass;
    private @Nullable PassMemory memory;
    private @Nullable KeyValueStore passStore;
    private @Nullable PositionTensors positions;
    private @Nullable TokenStep tokenStep; // made when the first token is written

    private FrozenDecoder(DecoderConfig config, FrozenWeights weights, Precision precision, int threads) {
        this.config = config;
        this.precision = precision;
        this.weights = weights;
        this.workers = new Workers(threads);
        for (int i = 0; i < threads; i++) {
            states.add(new FrozenWorker(config, weights.tensors, precision));
        }
        this.pass = new FrozenPass(workers, states, config.layers());
    }

    /**
     * Reads every parameter from a source.
     *
     * @param threads worker threads, at least 1
     * @throws IllegalArgumentException if there are no threads, or the decoder has a learned bias on its scores or linear
     *     attention
     */
    public static FrozenDecoder load(DecoderConfig config, WeightSource source, Precision precision, int threads) {
        if (threads < 1) {
            throw Refusal.of("threads", "must be at least 1", "was " + threads);
        }
        if (config.relativeBias().isPresent()) {
            throw new IllegalArgumentException("config must be without a relative bias, which a DecoderEvaluator runs"
                    + " and a FrozenDecoder does not, was " + config);
        }
        if (config.attentionKinds().contains(AttentionKind.LINEAR)) {
            throw new IllegalArgumentException(
                    "config must be without linear attention, which a DecoderEvaluator runs and"
                            + " a FrozenDecoder does not, was " + config);
        }
        LibTorch.load();
        return new FrozenDecoder(config, new FrozenWeights(config, source, precision), precision, threads);
    }

    /** The product that reading a text is mostly like. */
    public static ProductShape readingProduct(DecoderConfig config) {
        return new ProductShape(
                FrozenPass.BLOCK, config.width(), config.feedForward().width(), false);
    }

    /** The product that continuing a text token by token is mostly like. */
    public static ProductShape writingProduct(DecoderConfig config) {
        return readingProduct(config).withRows(1);
    }

    public DecoderConfig config() {
        return config;
    }

    public Precision precision() {
        return precision;
    }

    /**
     * −ln p of every scored token of each window, nats.
     *
     * <p>Windows run together, so many short ones are as fast as one long one; memory grows with their tokens together.
     *
     * @throws IllegalArgumentException if a token is not in the vocabulary or the encoding has another head size
     */
    public synchronized float[][] negativeLogLikelihoods(
            PositionEncoding encoding, List<TokenWindow> windows, PassListener listener) {
        if (windows.isEmpty()) {
            return new float[0][];
        }
        List<PassSequence> sequences = new ArrayList<>();
        int rows = 0;
        int longest = 1;
        for (TokenWindow window : windows) {
            // The last token is only predicted, never read.
            int[] read = Arrays.copyOf(window.tokens(), window.tokens().length - 1);
            sequences.add(new PassSequence(read, rows, 0, rows));
            rows = Math.addExact(rows, read.length);
            longest = Math.max(longest, read.length);
            requireTokens(window.tokens());
        }
        double passShare = passShare(windows);
        PassMemory used = run(encoding, sequences, rows, longest, fraction -> listener.advanced(passShare * fraction));
        float[][] losses = new float[windows.size()][];
        List<ScoredRun> runs = new ArrayList<>();
        for (int i = 0; i < losses.length; i++) {
            TokenWindow window = windows.get(i);
            int[] targets = Arrays.copyOfRange(window.tokens(), window.firstScored(), window.tokens().length);
            losses[i] = new float[targets.length];
            runs.addAll(ScoredRun.of(sequences.get(i).firstRow() + window.firstScored() - 1, targets, losses[i]));
        }
        for (int from = 0; from < runs.size(); from += SCORED_TOGETHER) {
            List<ScoredRun> some = runs.subList(from, Math.min(runs.size(), from + SCORED_TOGETHER));
            pass.forEach(some, (state, run) -> run.score(state, used));
            listener.advanced(passShare + (1 - passShare) * (from + some.size()) / runs.size());
        }
        return losses;
    }

    /** The part of scoring these windows that lies in the blocks, and not in the head, by multiplications. */
    private double passShare(List<TokenWindow> windows) {
        double attended = config.attention().queryWidth();
        double block = (double) config.width()
                * (config.attention().joinedWidth()
                        + config.feedForward().inputWidth()
                        + attended
                        + config.feedForward().width());
        double inPass = 0;
        double inHead = 0;
        for (TokenWindow window : windows) {
            double read = window.tokens().length - 1;
            inPass += config.layers() * read * (block + read * attended);
            // The head's products are float32 also where the others are bfloat16, which is twice as fast.
            inHead += 2.0 * window.scored() * config.width() * config.vocabularySize();
        }
        return inPass / (inPass + inHead);
    }

    /**
     * At most a block of the residual's rows, whose losses go to a part of an array.
     *
     * @param row the first
     * @param targets what the rows predict
     * @param at where in {@code losses} the first row's is
     */
    @SuppressWarnings("ArrayRecordComponent") // vectors that are handed on, never compared
    private record ScoredRun(int row, int[] targets, float[] losses, int at) {
        static List<ScoredRun> of(int row, int[] targets, float[] losses) {
            List<ScoredRun> runs = new ArrayList<>();
            for (int from = 0; from < targets.length; from += FrozenPass.BLOCK) {
                int[] some = Arrays.copyOfRange(targets, from, Math.min(targets.length, from + FrozenPass.BLOCK));
                runs.add(new ScoredRun(row + from, some, losses, from));
            }
            return runs;
        }

        void score(FrozenWorker state, PassMemory memory) {
            System.arraycopy(state.negativeLogLikelihoods(memory, row, targets), 0, losses, at, targets.length);
        }
    }

    /** Logits after every token of a text, row-major (T, V); for short texts, since all of them are held. */
    public synchronized float[] logits(PositionEncoding encoding, int[] tokens) {
        requireTokens(tokens);
        int vocabulary = config.vocabularySize();
        float[] logits = new float[Math.multiplyExact(tokens.length, vocabulary)];
        PassSequence sequence = new PassSequence(tokens.clone(), 0, 0, 0);
        PassMemory used = run(encoding, List.of(sequence), tokens.length, tokens.length, PassListener.SILENT);
        pass.forEach(
                FrozenPass.blocks(List.of(sequence)),
                (state, block) -> state.logits(used, block.row(), block.rows(), logits, block.row() * vocabulary));
        return logits;
    }

    /**
     * A text to be read and continued.
     *
     * @param capacity most tokens it may come to have; their keys and values take capacity·layers·K·S·c bytes, where c is 6 in
     *     bfloat16 and 8 in float32, and 4 more where positions are remapped, which keeps keys twice
     */
    public DecodingSession start(PositionEncoding encoding, int capacity) {
        PositionTensors.requireFits(encoding, config);
        return new DecodingSession(this, encoding, capacity);
    }

    /** Reads tokens of a session and gives the logits after the last. */
    synchronized float[] append(
            PositionEncoding encoding, KeyValueStore store, int position, int[] tokens, PassListener listener) {
        requireTokens(tokens);
        PositionTensors tables = positions(encoding, position + tokens.length);
        if (tokens.length == 1 && TokenStep.serves(config, tables)) {
            float[] logits = tokenStep().run(List.of(new TokenStep.Next(store, position, tokens[0])), tables)[0];
            listener.advanced(1);
            return logits;
        }
        PassMemory used = read(store, position, tokens, tables, listener);
        float[] logits = new float[config.vocabularySize()];
        List<Integer> parts =
                IntStream.range(0, states.get(0).vocabularyParts()).boxed().toList();
        pass.forEach(parts, (state, part) -> state.logitsPart(used, tokens.length - 1, part, logits));
        return logits;
    }

    /** Reads tokens of a session and gives −ln p of a target after each, nats. */
    synchronized float[] negativeLogLikelihoods(
            PositionEncoding encoding, KeyValueStore store, int position, int[] tokens, int[] targets) {
        requireTokens(tokens);
        requireTokens("targets", targets);
        PositionTensors tables = positions(encoding, position + tokens.length);
        PassMemory used = read(store, position, tokens, tables, PassListener.SILENT);
        float[] losses = new float[targets.length];
        pass.forEach(ScoredRun.of(0, targets, losses), (state, run) -> run.score(state, used));
        return losses;
    }

    private PassMemory read(
            KeyValueStore store, int position, int[] tokens, PositionTensors tables, PassListener listener) {
        PassSequence sequence = new PassSequence(tokens.clone(), 0, position, 0);
        PassMemory used = memory(tokens.length);
        if (store.keepsFarKeys()) {
            used.farQueries(); // made here, on one thread
        }
        pass.run(List.of(sequence), used, store, tables, listener);
        return used;
    }

    /** Reads the next token of each of several texts, a few of them together, and gives the logits after each. */
    synchronized float[][] appendEach(PositionEncoding encoding, List<TokenStep.Next> texts) {
        requireTokens(texts.stream().mapToInt(TokenStep.Next::token).toArray());
        int longest = texts.stream().mapToInt(TokenStep.Next::position).max().orElse(0);
        PositionTensors tables = positions(encoding, longest + 1);
        float[][] logits = new float[texts.size()][];
        if (TokenStep.serves(config, tables)) {
            for (int from = 0; from < logits.length; from += TokenStep.MOST_TEXTS) {
                int to = Math.min(logits.length, from + TokenStep.MOST_TEXTS);
                float[][] some = tokenStep().run(texts.subList(from, to), tables);
                System.arraycopy(some, 0, logits, from, some.length);
            }
        } else {
            for (int i = 0; i < logits.length; i++) {
                TokenStep.Next text = texts.get(i);
                logits[i] =
                        append(encoding, text.store(), text.position(), new int[] {text.token()}, PassListener.SILENT);
            }
        }
        return logits;
    }

    private TokenStep tokenStep() {
        TokenStep made = tokenStep;
        if (made == null) {
            made = new TokenStep(
                    config, weights.tensors, precision, RowProduct.Kernel.of(precision, weights.tensors), workers);
            tokenStep = made;
        }
        return made;
    }

    KeyValueStore store(PositionEncoding encoding, int capacity, TensorArena arena) {
        return new KeyValueStore(config, precision, config.layers(), capacity, hasFar(encoding), arena);
    }

    /** Whether keys are kept twice: some layers rotate them otherwise for queries that are far from them. */
    private boolean hasFar(PositionEncoding encoding) {
        return config.attentionKinds().stream()
                .anyMatch(kind -> encoding.remap(kind).isPresent());
    }

    private PassMemory run(
            PositionEncoding encoding, List<PassSequence> sequences, int rows, int longest, PassListener listener) {
        PositionTensors.requireFits(encoding, config);
        boolean far = hasFar(encoding);
        KeyValueStore kept = passStore;
        if (far && kept != null && !kept.keepsFarKeys()) {
            dropMemory();
        }
        PassMemory used = memory(rows);
        if (far) {
            used.farQueries(); // made here, on one thread
        }
        kept = passStore;
        if (kept == null) {
            kept = new KeyValueStore(config, precision, 2, used.rows, far, used.arena());
            passStore = kept;
        }
        pass.run(sequences, used, kept, positions(encoding, longest), listener);
        return used;
    }

    /** Memory for at least so many rows; kept from call to call. */
    private PassMemory memory(int rows) {
        PassMemory held = memory;
        if (held == null || held.rows < rows) {
            dropMemory();
            held = new PassMemory(config, rows);
            memory = held;
        }
        return held;
    }

    private void dropMemory() {
        if (memory != null) {
            memory.close();
            memory = null;
            passStore = null;
        }
    }

    private PositionTensors positions(PositionEncoding encoding, int count) {
        PositionTensors held = positions;
        if (held == null || !held.serves(encoding, count)) {
            if (held != null) {
                held.close();
                positions = null;
            }
            // Whole blocks, so that a text continued token by token does not make new tables with each.
            int rounded = Math.addExact(count, FrozenPass.BLOCK - 1) / FrozenPass.BLOCK * FrozenPass.BLOCK;
            held = new PositionTensors(encoding, config, rounded, ComputeDevice.CPU);
            positions = held;
        }
        return held;
    }

    private void requireTokens(int[] tokens) {
        requireTokens("tokens", tokens);
    }

    private void requireTokens(String name, int[] tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException(name + " must be at least one, were none");
        }
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] < 0 || tokens[i] >= config.vocabularySize()) {
                throw new IllegalArgumentException(
                        name + "[" + i + "] must be from 0 to " + (config.vocabularySize() - 1) + ", was " + tokens[i]);
            }
        }
    }

    @Override
    public synchronized void close() {
        workers.close();
        states.forEach(FrozenWorker::close);
        if (memory != null) {
            memory.close();
        }
        if (positions != null) {
            positions.close();
        }
        if (tokenStep != null) {
            tokenStep.close();
        }
        weights.close();
    }
}
