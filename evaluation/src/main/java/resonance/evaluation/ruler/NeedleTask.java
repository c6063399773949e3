package resonance.evaluation.ruler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Needles in a haystack: sentences that give a key its value, hidden in other text; the question names keys, the answer their
 * values.
 *
 * <p>After {@code scripts/data/synthetic/niah.py} and {@code constants.py} of NVIDIA/RULER (commit c3f5e3b): words of the prompt,
 * order of draws, places. Needles stand in the order that a fresh generator of the seed shuffles them to, the same in every
 * sample. In prose they stand at 40 depths, drawn; elsewhere at any place. Where one value is asked for, the words "Some", "are
 * all", "are" become singular in the task's text; NVIDIA's code does that in the chat template as well, which it spoils. A sample
 * in prose that came out too long has 500 words fewer, as there; below 1,024 tokens 25.
 *
 * @param filler what the haystack is made of
 * @param key what keys are
 * @param value what values are
 * @param keys keys with needles, at least as many as {@code queries}
 * @param values values of each key
 * @param queries keys asked for
 */
record NeedleTask(Filler filler, NeedleKind key, NeedleKind value, int keys, int values, int queries)
        implements SampleSource {

    private static final int ANSWER = 128;

    /** What a haystack is made of. */
    enum Filler {
        /** The same five sentences, again and again. */
        NOISE,
        /** Prose, counted in words. */
        PROSE,
        /** Other needles. */
        NEEDLES
    }

    static final String NOISE =
            "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";

    private static final List<Integer> DEPTHS = IntStream.range(0, 40)
            .mapToObj(i -> (int) Math.rint(100.0 * i / 39))
            .toList();

    /** Enough for a number; for several, or a UUID, twice that. */
    @Override
    public int leastAnswerTokens() {
        return queries * values == 1 && value == NeedleKind.NUMBERS ? 32 : 64;
    }

    @Override
    public boolean needsProse() {
        return filler == Filler.PROSE;
    }

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

    private final class Prompts implements Haystack {
        private final PythonRandom random;
        private final RulerSettings settings;
        private final List<String> words;
        private final List<String> prose;

        Prompts(RulerSettings settings) {
            this.settings = settings;
            random = new PythonRandom(settings.seed());
            words = settings.words().keys();
            prose = Sentences.words(settings.prose());
        }

        @Override
        public int minimum() {
            return filler == Filler.PROSE ? 1 : keys * values;
        }

        @Override
        public int increment() {
            if (filler == Filler.PROSE) {
                return settings.isTiny() ? 25 : 500;
            }
            return settings.isShort() ? 5 : 25;
        }

        @Override
        public Draw draw(int units) {
            List<String> drawnKeys = new ArrayList<>();
            List<List<String>> drawnValues = new ArrayList<>();
            List<String> needles = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                String drawnKey = key.draw(random, words);
                List<String> itsValues = new ArrayList<>();
                for (int j = 0; j < values; j++) {
                    String drawnValue = value.draw(random, words);
                    itsValues.add(drawnValue);
                    needles.add(needle(drawnKey, drawnValue));
                }
                drawnKeys.add(drawnKey);
                drawnValues.add(itsValues);
            }
            new PythonRandom(settings.seed()).shuffle(needles);
            String context = filler == Filler.PROSE ? inProse(needles, units) : amongLines(needles, units);
            int[] asked = random.places(keys, queries);
            List<String> references = Arrays.stream(asked)
                    .mapToObj(drawnValues::get)
                    .flatMap(List::stream)
                    .toList();
            return asking(context, Arrays.stream(asked).mapToObj(drawnKeys::get).toList(), references);
        }

        private String amongLines(List<String> needles, int units) {
            List<String> lines = new ArrayList<>(units + needles.size());
            for (int i = 0; i < units; i++) {
                lines.add(filler == Filler.NOISE ? NOISE : needle(key.draw(random, words), value.draw(random, words)));
            }
            int[] places = random.places(units, needles.size());
            Arrays.sort(places);
            for (int i = 0; i < places.length; i++) {
                lines.add(places[places.length - 1 - i], needles.get(i));
            }
            return String.join("\n", lines);
        }

        private String inProse(List<String> needles, int units) {
            List<String> sentences = Sentences.of(Sentences.first(units, prose));
            List<Integer> places = new ArrayList<>();
            for (int depth : random.sample(DEPTHS, needles.size())) {
                places.add((int) (sentences.size() * (depth / 100.0)));
            }
            Collections.sort(places);
            List<String> parts = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < places.size(); i++) {
                parts.add(String.join(" ", sentences.subList(from, places.get(i))));
                parts.add(needles.get(i));
                from = places.get(i);
            }
            parts.add(String.join(" ", sentences.subList(from, sentences.size())));
            return String.join(" ", parts);
        }
    }

    private String needle(String itsKey, String itsValue) {
        return "One of the special magic " + value.plural() + " for " + itsKey + " is: " + itsValue + ".";
    }

    private Draw asking(String context, List<String> asked, List<String> references) {
        boolean single = queries * values == 1;
        String plural = value.plural();
        String kind = single ? plural.substring(0, plural.length() - 1) : plural;
        String be = single ? "is" : "are";
        String query = listed(asked);
        String input = (single ? "A" : "Some") + " special magic " + kind + " " + be
                + " hidden within the following text. Make sure to memorize it. I will quiz you about the " + kind
                + " afterwards.\n" + context + "\nWhat " + (single ? "is" : "are all") + " the special magic " + kind
                + " for " + query + " mentioned in the provided text?";
        String prefix = " The special magic " + kind + " for " + query + " mentioned in the provided text " + be;
        return new Draw(input, prefix, references, " " + listed(references));
    }

    /** "a", or "a, b, and c". */
    private static String listed(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + ", and " + words.get(last);
    }
}
