package resonance.evaluation.ruler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A variable is given a value, a second is given the first, and so on; which variables have the value?
 *
 * <p>After {@code scripts/data/synthetic/variable_tracking.py} of NVIDIA/RULER (commit c3f5e3b), one chain of {@value #HOPS} hops
 * in noise. An example with names of three letters, solved, stands before each question; its names and value are drawn again for
 * every sample. It may have 500 tokens, below 1,024 half the length.
 */
record VariableTracking() implements SampleSource {

    private static final int ANSWER = 30;

    private static final int HOPS = 4;
    private static final int EXAMPLE_TOKENS = 500;
    private static final String CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String EXAMPLE_VALUE = "12345";

    @Override
    public int answerTokens() {
        return ANSWER;
    }

    @Override
    public Optional<List<RulerSample>> samples(RulerSettings settings) {
        Names names = new Names(settings.seed());
        int exampleTokens = (settings.isTiny() ? settings.length() / 2 : EXAMPLE_TOKENS) - settings.templateTokens();
        Optional<String> example = new FittingSamples(new ExamplePrompts(names), settings.tokens(), exampleTokens, 0, 0)
                .of(1)
                .map(found -> found.get(0))
                .map(found -> found.input() + found.answerPrefix() + found.target() + "\n");
        return example.flatMap(solved -> new FittingSamples(
                        new Prompts(names, solved, settings.isShort() ? 5 : 10),
                        settings.tokens(),
                        settings.budget(),
                        settings.answerTokens(),
                        settings.tokens().applyAsInt(solved))
                .of(settings.samples()));
    }

    /** The two streams of the script: CPython's for names and places, NumPy's for values. */
    private static final class Names {
        private final PythonRandom random;
        private final NumpyRandom values;

        Names(int seed) {
            random = new PythonRandom(seed);
            values = new NumpyRandom(seed);
        }

        String name(int letters) {
            return random.letters(CAPITALS, letters);
        }

        String value() {
            return Integer.toString(values.between(10_000, 99_999));
        }

        /** Names of a chain, all different: a draw with a name twice is thrown away. */
        List<String> chain(int letters) {
            while (true) {
                List<String> chain = new ArrayList<>();
                for (int i = 0; i <= HOPS; i++) {
                    chain.add(name(letters));
                }
                if (new HashSet<>(chain).size() == chain.size()) {
                    return chain;
                }
            }
        }
    }

    private static Draw prompt(Names names, List<String> chain, String value, int sentences) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < sentences; i++) {
            lines.add(NeedleTask.NOISE);
        }
        int[] places = names.random.places(sentences, chain.size());
        Arrays.sort(places);
        for (int i = 0; i < places.length; i++) {
            String assigned = i == 0 ? value : "VAR " + chain.get(i - 1) + " ";
            lines.add(places[i] + i, "VAR " + chain.get(i) + " = " + assigned);
        }
        String input = "Memorize and track the chain(s) of variable assignment hidden in the following text.\n\n"
                + String.join("\n", lines) + "\nQuestion: Find all variables that are assigned the value " + value
                + " in the text above.";
        String prefix = " Answer: According to the chain(s) of variable assignment in the text above, " + chain.size()
                + " variables are assigned the value " + value + ", they are: ";
        return new Draw(input, prefix, chain, " " + String.join(" ", chain));
    }

    private record ExamplePrompts(Names names) implements Haystack {
        @Override
        public int minimum() {
            return HOPS + 1;
        }

        @Override
        public int increment() {
            return 5;
        }

        @Override
        public Draw draw(int units) {
            return prompt(names, names.chain(3), EXAMPLE_VALUE, units);
        }
    }

    private record Prompts(Names names, String example, int increment) implements Haystack {
        @Override
        public int minimum() {
            return HOPS + 1;
        }

        @Override
        public Draw draw(int units) {
            List<String> chain = names.chain(5);
            return prompt(names, chain, names.value(), units);
        }

        @Override
        public Draw sample(int units) {
            Draw question = draw(units);
            return new Draw(
                    renamed() + "\n" + question.input(),
                    question.answerPrefix(),
                    question.references(),
                    question.target());
        }

        /** The example with other names and another value. */
        private String renamed() {
            String[] itsWords = example.strip().split("\\s+", -1);
            String renamed = example;
            for (String name : Arrays.copyOfRange(itsWords, itsWords.length - HOPS - 1, itsWords.length)) {
                renamed = renamed.replace(name, names.name(name.length()));
            }
            return renamed.replace(EXAMPLE_VALUE, names.value());
        }
    }
}
