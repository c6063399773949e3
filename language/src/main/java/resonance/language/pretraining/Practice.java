package resonance.language.pretraining;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import resonance.evaluation.passkey.PasskeyPrompt;
import resonance.language.corpus.WindowOrder;
import resonance.model.Tokenizer;
import resonance.rope.Refusal;
import resonance.transformer.training.TokenBatch;

/**
 * Sequences in which looking back is the only way to know what comes next, made by seed.
 *
 * <p>Prose alone rarely rewards looking further back than a sentence, and a small model trained on it answers no question
 * about its text. Four kinds, drawn evenly:
 *
 * <pre>
 *   a passage of the prose, other prose, the passage again
 *   a few random tokens, again and again
 *   the passkey prompt ({@link PasskeyPrompt}) and its answer
 *   prose with a line "One of the special magic numbers for KEY is: VALUE." in it, and the question for VALUE
 * </pre>
 *
 * <p>The last is worded as RULER's needle (Hsieh et al. 2024, arXiv:2404.06654), its key two words of the prose. Passages,
 * gaps, depths and sizes are uniform within what fits; what is left of a sequence is prose. Questions begin a text of their
 * own, behind the separator.
 */
final class Practice {
    private static final int SHORTEST_PASSAGE = 8;
    private static final int SHORTEST_ROUND = 4;
    private static final int LEAST_VALUE = 1_000_000;
    private static final int VALUES = 9_000_000;
    /** Prose to take a key's words from, tokens. */
    private static final int KEY_TOKENS = 64;

    private static final Pattern WORD = Pattern.compile("\\b[a-z]{4,9}\\b");

    private final Tokenizer tokenizer;
    private final int vocabularySize;
    private final int[] prose;
    private final int length; // tokens of a sequence, the last target included
    private final double share;
    private final long seed;

    /**
     * @param prose tokens to take passages and filler from, more than a sequence
     * @throws IllegalArgumentException if a question does not fit a sequence
     */
    Practice(PretrainingSettings settings, Tokenizer tokenizer, int vocabularySize, int[] prose) {
        this.tokenizer = tokenizer;
        this.vocabularySize = vocabularySize;
        this.prose = prose;
        this.length = settings.shape().trainedLength() + 1;
        this.share = settings.practiceShare();
        this.seed = settings.seed();
        int bare = Math.max(
                passkey(0, 0, PasskeyPrompt.GREATEST_KEY).length,
                1 + bareNeedle().size());
        if (bare > length - SHORTEST_PASSAGE) {
            throw Refusal.of(
                            "trainedLength",
                            "must be at least " + (bare + SHORTEST_PASSAGE)
                                    + " tokens, for a question to fit, with a {practiceShare} above 0",
                            "was " + (length - 1))
                    .cure("take longer sequences or leave the practice out");
        }
    }

    /** A step's batch with practice in the place of some of its sequences, which ones depends on seed and step alone. */
    TokenBatch mixedInto(TokenBatch batch, long step) {
        int row = length - 1;
        int[] inputs = batch.inputs().clone();
        int[] targets = batch.targets().clone();
        for (int i = 0; i < batch.rows(); i++) {
            Random random = WindowOrder.random(seed, ~(step * batch.rows() + i));
            if (random.nextDouble() < share) {
                int[] sequence = sequence(random);
                System.arraycopy(sequence, 0, inputs, i * row, row);
                System.arraycopy(sequence, 1, targets, i * row, row);
            }
        }
        return new TokenBatch(batch.rows(), row, inputs, targets);
    }

    private int[] sequence(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> repeated(random);
            case 1 -> rounds(random);
            case 2 -> passkey(random);
            default -> needle(random);
        };
    }

    /** Passage, prose, passage, prose. */
    private int[] repeated(Random random) {
        int size = SHORTEST_PASSAGE + random.nextInt(length / 2 - SHORTEST_PASSAGE);
        int first = random.nextInt(length - 2 * size + 1);
        int second = first + size + random.nextInt(length - 2 * size - first + 1);
        int[] sequence = filler(random, length);
        System.arraycopy(sequence, first, sequence, second, size);
        return sequence;
    }

    /**
     * Stretches in which a few random tokens come round again and again: nearly every token has its like in what was read, and
     * of few different ones a small model learns first.
     */
    private int[] rounds(Random random) {
        int[] sequence = new int[length];
        int from = 0;
        while (from < length) {
            int stretch = Math.min(length - from, length / 4 + random.nextInt(length));
            int size = SHORTEST_ROUND + random.nextInt(Math.max(1, stretch / 4 - SHORTEST_ROUND));
            int different = 1 << (4 + random.nextInt(8));
            int offset = 1 + random.nextInt(Math.max(1, vocabularySize - different));
            int[] round = random.ints(size, offset, Math.min(vocabularySize, offset + different))
                    .toArray();
            for (int i = 0; i < stretch; i++) {
                sequence[from + i] = round[i % size];
            }
            from += stretch;
        }
        return sequence;
    }

    private int[] passkey(Random random) {
        double depth = random.nextDouble();
        int key = PasskeyPrompt.LEAST_KEY + random.nextInt(PasskeyPrompt.GREATEST_KEY);
        int bare = passkey(0, depth, key).length;
        int wanted = bare + random.nextInt(length - bare + 1);
        // Filler of about so many tokens; characters a token are measured on the filler itself.
        int characters = 16 * PasskeyPrompt.STEP;
        double each = (passkey(characters, depth, key).length - bare) / (double) characters;
        int fitting = (int) ((wanted - bare) / each);
        int[] question = passkey(fitting, depth, key);
        while (question.length > length) {
            fitting = Math.max(0, fitting - PasskeyPrompt.STEP / 4);
            question = passkey(fitting, depth, key);
        }
        return withProse(random, question);
    }

    private int[] passkey(int filler, double depth, int key) {
        PasskeyPrompt prompt = PasskeyPrompt.of(filler, depth, key);
        return text(prompt.text() + prompt.rightContinuation() + ".\n");
    }

    /** Tokens of a needle prompt; filler stands on both sides of the fact. */
    @SuppressWarnings("ArrayRecordComponent") // parts that are put together, never compared
    private record Needle(int[] task, int[] fact, int[] question) {
        int size() {
            return task.length + fact.length + question.length;
        }
    }

    private Needle bareNeedle() {
        return needle("telephone-telephone", LEAST_VALUE);
    }

    private Needle needle(String key, int value) {
        return new Needle(
                tokenizer.encode(
                        "A special magic number is hidden within the following text. Make sure to memorize it. I"
                                + " will quiz you about the number afterwards.\n"),
                tokenizer.encode(
                        String.format(Locale.ROOT, " One of the special magic numbers for %s is: %d.", key, value)),
                tokenizer.encode(String.format(
                        Locale.ROOT,
                        "\nWhat is the special magic number for %1$s mentioned in the provided text? The special magic"
                                + " number for %1$s mentioned in the provided text is %2$d.\n",
                        key,
                        value)));
    }

    private int[] needle(Random random) {
        Needle needle = needle(key(random), LEAST_VALUE + random.nextInt(VALUES));
        int room = length - 1 - needle.size();
        if (room < 0) {
            needle = bareNeedle();
            room = length - 1 - needle.size();
        }
        int around = random.nextInt(room + 1);
        int before = random.nextInt(around + 1);
        int[] text = new int[1 + around + needle.size()]; // the separator's id is 0
        int at = append(text, 1, needle.task());
        at = append(text, at, filler(random, before));
        at = append(text, at, needle.fact());
        at = append(text, at, filler(random, around - before));
        append(text, at, needle.question());
        return withProse(random, text);
    }

    private static int append(int[] target, int at, int[] tokens) {
        System.arraycopy(tokens, 0, target, at, tokens.length);
        return at + tokens.length;
    }

    private String key(Random random) {
        List<String> words = WORD.matcher(tokenizer.decode(filler(random, KEY_TOKENS)))
                .results()
                .map(MatchResult::group)
                .toList();
        if (words.isEmpty()) {
            return "number-" + random.nextInt(VALUES);
        }
        return words.get(random.nextInt(words.size())) + "-" + words.get(random.nextInt(words.size()));
    }

    /** The separator and a text. */
    private int[] text(String text) {
        int[] tokens = tokenizer.encode(text);
        int[] separated = new int[1 + tokens.length];
        System.arraycopy(tokens, 0, separated, 1, tokens.length);
        return separated;
    }

    /** A text and, behind a separator, as much prose as a sequence has room for. */
    private int[] withProse(Random random, int[] text) {
        int[] sequence = Arrays.copyOf(text, length);
        if (text.length + 1 < length) {
            int[] rest = filler(random, length - text.length - 1);
            System.arraycopy(rest, 0, sequence, text.length + 1, rest.length);
        }
        return sequence;
    }

    private int[] filler(Random random, int tokens) {
        int from = random.nextInt(prose.length - tokens + 1);
        return Arrays.copyOfRange(prose, from, from + tokens);
    }
}
