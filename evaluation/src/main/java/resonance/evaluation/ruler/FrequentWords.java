package resonance.evaluation.ruler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Made-up words whose counts fall with the square of their rank; which come most often after the dots, which hold the first?
 *
 * <pre>  count of rank k = ⌊N · k^−2 / ζ(2)⌋,   ζ(2) = π²/6,   k = 1 .. ⌊tokens / 50⌋ </pre>
 *
 * <p>After {@code scripts/data/synthetic/freq_words_extraction.py} of NVIDIA/RULER (commit c3f5e3b). N grows from a sixth of the
 * tokens by a 32nd of them until the text is too long, and a sample that is too long has so many fewer. Drawn again, unlike there,
 * is a text in which rank 4, the last asked for, does not come more often than rank 5, as it happens in short ones.
 */
record FrequentWords() implements SampleSource {

    private static final int ANSWER = 50;

    private static final int LETTERS = 6;
    private static final int ASKED = 3;
    private static final double ZETA = 1.6449340668482264; // as SciPy's zeta(2.0)
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";

    private static final String TASK =
            "Read the following coded text and track the frequency of each coded word. Find the"
                    + " three most frequently appeared coded words. ";
    private static final String QUESTION =
            "\nQuestion: Do not provide any explanation. Please ignore the dots '....'. What"
                    + " are the three most frequently appeared words in the above coded text?";
    private static final String PREFIX =
            " Answer: According to the coded text above, the three most frequently appeared words are:";

    @Override
    public int answerTokens() {
        return ANSWER;
    }

    @Override
    public Optional<List<RulerSample>> samples(RulerSettings settings) {
        int tokens = settings.budget() - settings.answerTokens();
        if (tokens / 50 <= ASKED) {
            return Optional.empty();
        }
        PythonRandom random = new PythonRandom(settings.seed());
        int step = tokens / 32;
        int most = tokens / LETTERS;
        List<String> first = vocabulary(random, settings.seed(), tokens / 50);
        while (count(settings, draw(first, most, settings.seed())) < tokens) {
            most += step;
        }
        most -= step;
        List<RulerSample> samples = new ArrayList<>();
        for (int i = 0; i < settings.samples(); i++) {
            Optional<RulerSample> sample = Optional.empty();
            for (int j = 0; sample.isEmpty() && j < Redraws.of(i); j++) {
                sample = fitting(vocabulary(random, settings.seed(), tokens / 50), most, step, settings);
            }
            if (sample.isEmpty()) {
                return Optional.empty();
            }
            samples.add(sample.get());
        }
        return Optional.of(List.copyOf(samples));
    }

    /** With as many words as fit, in steps; empty if that are too few for the last rank asked for. */
    private static Optional<RulerSample> fitting(List<String> vocabulary, int most, int step, RulerSettings settings) {
        int tokens = settings.budget() - settings.answerTokens();
        for (int words = most; words > 0; words -= step) {
            int next = vocabulary.size() > ASKED + 1 ? times(words, ASKED + 2) : 0;
            if (times(words, ASKED + 1) <= next) {
                break;
            }
            Draw draw = draw(vocabulary, words, settings.seed());
            int prompt = count(settings, draw);
            if (prompt <= tokens) {
                return Optional.of(new RulerSample(
                        draw.input(),
                        draw.answerPrefix(),
                        draw.references(),
                        draw.target(),
                        prompt,
                        settings.answerTokens()));
            }
        }
        return Optional.empty();
    }

    private static int count(RulerSettings settings, Draw draw) {
        return settings.tokens().applyAsInt(draw.text());
    }

    /** Words in order of rank, the first three dots. */
    private static List<String> vocabulary(PythonRandom random, int seed, int size) {
        Set<String> words = new LinkedHashSet<>();
        for (int i = 0; i < size || words.size() < size; i++) {
            words.add(random.letters(ALPHABET, LETTERS));
        }
        List<String> ranked = new ArrayList<>(new TreeSet<>(words));
        new PythonRandom(seed).shuffle(ranked);
        ranked.set(0, "...");
        return ranked;
    }

    private static int times(int words, int rank) {
        return (int) (words * Math.pow(rank, -2) / ZETA);
    }

    private static Draw draw(List<String> vocabulary, int words, int seed) {
        List<String> text = new ArrayList<>();
        for (int i = 0; i < vocabulary.size(); i++) {
            text.addAll(Collections.nCopies(Math.max(0, times(words, i + 1)), vocabulary.get(i)));
        }
        new PythonRandom(seed).shuffle(text);
        List<String> asked = vocabulary.subList(1, 1 + ASKED);
        return new Draw(TASK + String.join(" ", text) + QUESTION, PREFIX, asked, " " + String.join(", ", asked));
    }
}
