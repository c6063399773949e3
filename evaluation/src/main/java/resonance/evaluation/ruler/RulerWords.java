package resonance.evaluation.ruler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import resonance.study.Sha256;

/**
 * The words that RULER's tasks are made of: keys are an adjective and a noun, lists of words are drawn from all three kinds,
 * and from a longer supply where those do not reach.
 *
 * <p>NVIDIA's code takes them from the package wonderwords and a file of English words. A folder may hold the same
 * files, and then the samples are the same. {@link #own} is this project's: a short list, and 102,400 made-up words of five
 * letters for long lists.
 *
 * @param adjectives at least one
 * @param nouns at least one
 * @param verbs may be empty
 * @param supply words for lists longer than all of these together; may be empty
 */
record RulerWords(List<String> adjectives, List<String> nouns, List<String> verbs, List<String> supply) {

    private static final String ADJECTIVES = "adjectivelist.txt";
    private static final String NOUNS = "nounlist.txt";
    private static final String VERBS = "verblist.txt";

    public RulerWords {
        adjectives = List.copyOf(adjectives);
        nouns = List.copyOf(nouns);
        verbs = List.copyOf(verbs);
        supply = List.copyOf(supply);
        if (adjectives.isEmpty() || nouns.isEmpty()) {
            throw new IllegalArgumentException("words must hold an adjective and a noun, held " + adjectives.size()
                    + " adjectives and " + nouns.size() + " nouns");
        }
    }

    /** The words that come with this project. */
    static RulerWords own() {
        return new RulerWords(own(ADJECTIVES), own(NOUNS), own(VERBS), madeUp());
    }

    /** A hash of all of them, in their order. */
    String sha256() {
        return Sha256.of(String.join("\n", adjectives) + "\n\n" + String.join("\n", nouns) + "\n\n"
                + String.join("\n", verbs) + "\n\n" + String.join("\n", supply));
    }

    /** Every "adjective-noun" in order. */
    List<String> keys() {
        return new SortedKeys(adjectives, nouns);
    }

    /** All adjectives, nouns and verbs in order, none twice. */
    List<String> known() {
        TreeSet<String> words = new TreeSet<>(adjectives);
        words.addAll(nouns);
        words.addAll(verbs);
        return new ArrayList<>(words);
    }

    private static List<String> own(String name) {
        try (InputStream in = RulerWords.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .flatMap(line -> List.of(line.split(" ", -1)).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Five letters each, consonants around vowels: "babab" to "zuzuz". */
    private static List<String> madeUp() {
        String consonants = "bdfghklmnprstvwz";
        String vowels = "aeiou";
        List<String> words = List.of("");
        for (String letters : List.of(consonants, vowels, consonants, vowels, consonants)) {
            List<String> longer = new ArrayList<>(words.size() * letters.length());
            for (String word : words) {
                letters.chars().forEach(letter -> longer.add(word + (char) letter));
            }
            words = longer;
        }
        return Collections.unmodifiableList(words);
    }
}
