package resonance.evaluation.ruler;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import resonance.evaluation.ruler.NeedleTask.Filler;
import resonance.rope.Refusal;

/**
 * RULER's tasks but the two that need question-answering data sets.
 *
 * <p>Hsieh et al., "RULER: What's the Real Context Size of Your Long-Context Language Models?", COLM 2024, arXiv:2404.06654,
 * sections 3.1 to 3.4; sizes and prompts of {@code scripts/synthetic.yaml} in NVIDIA/RULER (commit c3f5e3b).
 */
enum RulerTask {
    /** A number for a word, in noise. */
    NIAH_SINGLE_1,
    /** A number for a word, in prose. */
    NIAH_SINGLE_2,
    /** A UUID for a word, in prose. */
    NIAH_SINGLE_3,
    /** One of four numbers with a word each, in prose. */
    NIAH_MULTIKEY_1,
    /** A number for a word, among nothing but the like. */
    NIAH_MULTIKEY_2,
    /** A UUID for a UUID, among nothing but the like. */
    NIAH_MULTIKEY_3,
    /** Four numbers of one word, in prose. */
    NIAH_MULTIVALUE,
    /** Four numbers for four words, in prose. */
    NIAH_MULTIQUERY,
    /** Variable tracking. */
    VT,
    /** Common words extraction. */
    CWE,
    /** Frequent words extraction. */
    FWE;

    private static final int LONGEST_TRIED = 1 << 20;

    private SampleSource source() {
        return switch (this) {
            case NIAH_SINGLE_1 -> new NeedleTask(Filler.NOISE, NeedleKind.WORDS, NeedleKind.NUMBERS, 1, 1, 1);
            case NIAH_SINGLE_2 -> new NeedleTask(Filler.PROSE, NeedleKind.WORDS, NeedleKind.NUMBERS, 1, 1, 1);
            case NIAH_SINGLE_3 -> new NeedleTask(Filler.PROSE, NeedleKind.WORDS, NeedleKind.UUIDS, 1, 1, 1);
            case NIAH_MULTIKEY_1 -> new NeedleTask(Filler.PROSE, NeedleKind.WORDS, NeedleKind.NUMBERS, 4, 1, 1);
            case NIAH_MULTIKEY_2 -> new NeedleTask(Filler.NEEDLES, NeedleKind.WORDS, NeedleKind.NUMBERS, 1, 1, 1);
            case NIAH_MULTIKEY_3 -> new NeedleTask(Filler.NEEDLES, NeedleKind.UUIDS, NeedleKind.UUIDS, 1, 1, 1);
            case NIAH_MULTIVALUE -> new NeedleTask(Filler.PROSE, NeedleKind.WORDS, NeedleKind.NUMBERS, 1, 4, 1);
            case NIAH_MULTIQUERY -> new NeedleTask(Filler.PROSE, NeedleKind.WORDS, NeedleKind.NUMBERS, 4, 1, 4);
            case VT -> new VariableTracking();
            case CWE -> new CommonWords();
            case FWE -> new FrequentWords();
        };
    }

    /** The task with this name. */
    static Optional<RulerTask> named(String taskName) {
        return Stream.of(values())
                .filter(task -> task.taskName().equals(taskName))
                .findFirst();
    }

    /** RULER's name of the task, such as {@code niah_single_1}. */
    String taskName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Most tokens of an answer: NVIDIA's number from 1,024 tokens on. Below, where its 128 would leave a small model little to
     * read, an eighth of the length, or what a right answer takes.
     */
    int answerTokens(int length) {
        SampleSource source = source();
        return length < RulerSettings.TINY
                ? Math.min(source.answerTokens(), Math.max(length / 8, source.leastAnswerTokens()))
                : source.answerTokens();
    }

    /** Whether {@link RulerSettings#prose} is part of the prompts. */
    boolean needsProse() {
        return source().needsProse();
    }

    /**
     * The task's samples: NVIDIA's own, character by character, from 1,024 tokens on, given the same counts of tokens and its
     * words; in prose, given its prose and but for where a sentence ends ({@link Sentences}).
     *
     * @throws Refusal of {@code lengths} if the length is too short for the task; the message has one that is not
     * @throws IllegalArgumentException if the words do not reach
     */
    List<RulerSample> samples(RulerSettings settings) {
        if (needsProse() && settings.prose().isBlank()) {
            throw new IllegalArgumentException("prose must hold a word for " + taskName() + ", was blank");
        }
        int made = Math.max(settings.samples(), Redraws.PROBED);
        return source().samples(settings.with(settings.length(), settings.answerTokens(), made))
                .map(samples -> samples.subList(0, settings.samples()))
                .orElseThrow(() -> tooShort(settings));
    }

    private Refusal tooShort(RulerSettings settings) {
        return Refusal.was(
                "lengths",
                "must be at least " + shortest(settings) + " tokens for " + taskName() + " with this tokenizer",
                settings.length());
    }

    private int shortest(RulerSettings settings) {
        int fails = settings.length();
        int works = 2 * fails;
        while (!works(settings, works) && works < LONGEST_TRIED) {
            fails = works;
            works *= 2;
        }
        while (works - fails > 1) {
            int middle = (works + fails) >>> 1;
            if (works(settings, middle)) {
                works = middle;
            } else {
                fails = middle;
            }
        }
        return works;
    }

    private boolean works(RulerSettings settings, int length) {
        boolean usual = settings.answerTokens() == answerTokens(settings.length());
        int answer = usual ? answerTokens(length) : settings.answerTokens();
        return source().samples(settings.with(length, answer, Redraws.PROBED)).isPresent();
    }
}
