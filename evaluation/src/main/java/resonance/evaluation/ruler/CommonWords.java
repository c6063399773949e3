package resonance.evaluation.ruler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A numbered list in which ten words come more often than the others; which ten?
 *
 * <p>After {@code scripts/data/synthetic/common_words_extraction.py} of NVIDIA/RULER (commit c3f5e3b): 30 times against 3, below
 * 4,096 tokens 6 times against once, with a solved example of 40 or 20 words before it. A fresh generator of the seed shuffles
 * every list.
 */
record CommonWords() implements SampleSource {

    private static final int ANSWER = 120;

    private static final int COMMON = 10;
    private static final int SPECIMEN = 4096;

    private static final String TASK = "Below is a numbered list of words. In these words, some appear more often than"
            + " others. Memorize the ones that appear most often.\n";
    private static final String QUESTION = "\nQuestion: What are the 10 most common words in the above list?";
    private static final String PREFIX = " Answer: The top 10 words that appear most often in the list are:";

    @Override
    public int answerTokens() {
        return ANSWER;
    }

    @Override
    public Optional<List<RulerSample>> samples(RulerSettings settings) {
        return new FittingSamples(
                        new Prompts(settings), settings.tokens(), settings.budget(), settings.answerTokens(), 0)
                .of(settings.samples());
    }

    private static String numbered(List<String> words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            text.append(i == 0 ? "" : " ").append(i + 1).append(". ").append(words.get(i));
        }
        return text.toString();
    }

    /** How long a list is and how often its words come. */
    private record Counts(int words, int common, int others) {}

    private record WordList(String text, List<String> common) {}

    private static final class Prompts implements Haystack {
        private final PythonRandom random;
        private final RulerSettings settings;
        private final List<String> known;
        private final List<String> supply;

        Prompts(RulerSettings settings) {
            this.settings = settings;
            random = new PythonRandom(settings.seed());
            known = settings.words().known();
            new PythonRandom(settings.seed()).shuffle(known);
            supply = settings.words().supply();
            from(SPECIMEN);
        }

        @Override
        public int minimum() {
            return increment();
        }

        @Override
        public int increment() {
            return 10;
        }

        @Override
        public int specimen() {
            return SPECIMEN;
        }

        /** Twice the quotient of Python's {@code //}. */
        @Override
        public int bound(double length, double tokensPerUnit) {
            return (int) Math.rint((length - length % tokensPerUnit) / tokensPerUnit) * 2;
        }

        @Override
        public Draw draw(int units) {
            boolean few = settings.isShort();
            WordList example = list(few ? new Counts(20, 3, 1) : new Counts(40, 10, 3));
            WordList asked = list(few ? new Counts(units, 6, 1) : new Counts(units, 30, 3));
            String input = TASK + example.text() + QUESTION + PREFIX + " " + numbered(example.common()) + "\n" + TASK
                    + asked.text() + QUESTION;
            return new Draw(input, PREFIX, asked.common(), " " + numbered(asked.common()));
        }

        private WordList list(Counts counts) {
            List<String> drawn = random.sample(from(counts.words()), counts.words());
            List<String> common = drawn.subList(0, COMMON);
            List<String> list = new ArrayList<>();
            repeat(common, counts.common(), list);
            repeat(drawn.subList(COMMON, drawn.size()), counts.others(), list);
            new PythonRandom(settings.seed()).shuffle(list);
            return new WordList(numbered(list), common);
        }

        private static void repeat(List<String> words, int times, List<String> list) {
            for (int i = 0; i < times; i++) {
                list.addAll(words);
            }
        }

        private List<String> from(int words) {
            List<String> source = words <= known.size() ? known : supply;
            if (words > source.size()) {
                throw new IllegalArgumentException(
                        "words must hold at least " + words + " for cwe at " + settings.length()
                                + " tokens, held " + Math.max(known.size(), supply.size())
                                + "; put an english_words.json into the folder of words");
            }
            return source;
        }
    }
}
