package resonance.language;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import resonance.model.EncodingChoice;
import resonance.model.Tokenizer;
import resonance.model.tokenizer.StreamingText;
import resonance.rope.LayerFrequencies;
import resonance.rope.Refusal;
import resonance.study.Job;
import resonance.transformer.inference.DecodingSession;
import resonance.transformer.inference.InferenceMemory;
import resonance.transformer.inference.PassListener;
import resonance.transformer.position.RotaryEncoding;

/** Continues texts with a model under one encoding. A prompt is raw text: no chat template is put around it. */
public final class TextGenerator {
    /** Last tokens of the prompt that can change how the first new one is written. */
    private static final int CONTEXT = 16;

    /** Most tokens to write of a text: keys and values of all of them have to be kept. */
    public static final int MOST_TOKENS = 1_000_000;

    private final LanguageModel model;
    private final EncodingChoice encoding;

    public TextGenerator(LanguageModel model, EncodingChoice encoding) {
        this.model = model;
        this.encoding = encoding;
    }

    /** Tokens that a model reads of a prompt, BOS included. */
    public static int promptTokens(LanguageModel model, String prompt) {
        return PromptTokens.of(model.tokenizer(), prompt).length;
    }

    /**
     * Refuses a number of tokens to write that is below 1 or above {@link #MOST_TOKENS}; gives it back.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public static int requireTokens(int maximumTokens) {
        if (maximumTokens < 1 || maximumTokens > MOST_TOKENS) {
            throw Refusal.of("maximumTokens", "must be from 1 to " + MOST_TOKENS, "was " + maximumTokens);
        }
        return maximumTokens;
    }

    /** What continuing a prompt takes. */
    public InferenceMemory memory(String prompt, int maximumTokens) {
        int read = Math.max(1, promptTokens(model, prompt));
        return InferenceMemory.continuing(
                model.running(),
                read,
                (long) read + maximumTokens,
                model.model().sizes().bytes());
    }

    /**
     * Continues a prompt until the model ends its text.
     *
     * <p>An encoding that depends on the length of the text is computed for the prompt and as many new tokens as there may
     * be.
     *
     * @param maximumTokens most tokens to write, from 1 to {@link #MOST_TOKENS}
     * @param listener told the text as it is written
     * @param stop asked before every token; once true, the text ends
     * @throws IllegalArgumentException if the prompt has no tokens, or the encoding refuses its settings
     */
    public Generation generate(
            String prompt,
            int maximumTokens,
            SamplingSettings sampling,
            GenerationListener listener,
            BooleanSupplier stop) {
        requireTokens(maximumTokens);
        int[] tokens = PromptTokens.of(model.tokenizer(), prompt);
        if (tokens.length == 0) {
            throw Refusal.of("prompt", "must have at least one token", "was empty")
                    .cure("this model has no beginning-of-sequence token to start from");
        }
        int capacity = Math.addExact(tokens.length, maximumTokens);
        LayerFrequencies frequencies = encoding.frequencies(model.description().positions(), capacity);
        try (DecodingSession session = model.decoder().start(new RotaryEncoding(frequencies), capacity)) {
            return new Writing(session, tokens, maximumTokens, sampling, listener, stop).write();
        }
    }

    /** One text being written. */
    private final class Writing {
        private final DecodingSession session;
        private final int[] prompt;
        private final int maximumTokens;
        private final Sampler sampler;
        private final GenerationListener listener;
        private final BooleanSupplier stop;
        private final StreamingText streamed;
        private final StringBuilder text = new StringBuilder();
        private int written;

        Writing(
                DecodingSession session,
                int[] prompt,
                int maximumTokens,
                SamplingSettings sampling,
                GenerationListener listener,
                BooleanSupplier stop) {
            this.session = session;
            this.prompt = prompt;
            this.maximumTokens = maximumTokens;
            this.sampler = new Sampler(sampling);
            this.listener = listener;
            this.stop = stop;
            int[] before = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - CONTEXT), prompt.length);
            this.streamed = new StreamingText(model.tokenizer(), before);
        }

        Generation write() {
            sampler.see(prompt);
            long started = System.nanoTime();
            float[] logits;
            try {
                promptRead(0);
                logits = session.append(prompt, this::promptRead);
                promptRead(1);
            } catch (Job.JobStopped stopped) {
                return generation(Generation.End.STOPPED, System.nanoTime() - started, 0);
            }
            long promptNanos = System.nanoTime() - started;
            Generation.End end = writeAfter(logits);
            goOn(streamed.end());
            return generation(end, promptNanos, System.nanoTime() - started - promptNanos);
        }

        private void promptRead(double fraction) {
            if (stop.getAsBoolean()) {
                throw new Job.JobStopped();
            }
            listener.promptRead(fraction);
        }

        private Generation.End writeAfter(float[] logitsOfPrompt) {
            Tokenizer tokenizer = model.tokenizer();
            float[] logits = logitsOfPrompt;
            while (!stop.getAsBoolean()) {
                String where = "encoding " + encoding.name() + " after " + (prompt.length + written) + " tokens";
                int token = sampler.choose(BrokenModelException.require(logits, where));
                if (tokenizer.endOfSequence().contains(token)) {
                    return Generation.End.END_OF_SEQUENCE;
                }
                goOn(streamed.add(token));
                written++;
                if (written == maximumTokens) {
                    return Generation.End.MAXIMUM_TOKENS;
                }
                logits = session.append(new int[] {token}, PassListener.SILENT);
            }
            return Generation.End.STOPPED;
        }

        private void goOn(String characters) {
            if (!characters.isEmpty()) {
                text.append(characters);
                listener.textContinued(characters);
            }
        }

        private Generation generation(Generation.End end, long promptNanos, long nanos) {
            return new Generation(text.toString(), prompt.length, written, end, promptNanos * 1e-9, nanos * 1e-9);
        }
    }
}
