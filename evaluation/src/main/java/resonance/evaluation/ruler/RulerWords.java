package resonance.evaluation.ruler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * The words that RULER's tasks are made of: keys are an adjective and a noun, lists of words are drawn from all three kinds,
 * and from a longer supply where those do not reach.
 *
 * <p>NVIDIA's code takes them from the package wonderwords and a file of English words. {@link #ofFolder} reads the same
 * files, and then the samples are the same. {@link #own} is this project's: a short list, and 102,400 made-up words of five
 * letters for long lists.
 *
 * @param adjectives at least one
 * @param nouns at least one
 * @param verbs may be empty
 * @param supply words for lists longer than all of these together; may be empty
 */
public record RulerWords(List<String> adjectives, List<String> nouns, List<String> verbs, List<String> supply) {

    private static final String ADJECTIVES = "adjectivelist.txt";
    private static final String NOUNS = "nounlist.txt";
    private static final String VERBS = "verblist.txt";
    private static final String SUPPLY = "english_words.json";

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
    public static RulerWords own() {
        return new RulerWords(own(ADJECTIVES), own(NOUNS), own(VERBS), madeUp());
    }

    /**
     * The words of a folder: {@value #ADJECTIVES}, {@value #NOUNS} and {@value #VERBS} with a word a line, as wonderwords has
     * them, and {@value #SUPPLY}, an object whose values are words, as RULER has it, if it is there.
     *
     * @throws IllegalArgumentException if one of the three is missing, or a file is not what it must be
     */
    public static RulerWords ofFolder(Path folder) {
        Path supply = folder.resolve(SUPPLY);
        return new RulerWords(
                lines(folder.resolve(ADJECTIVES)),
                lines(folder.resolve(NOUNS)),
                lines(folder.resolve(VERBS)),
                Files.exists(supply) ? values(supply) : List.of());
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

    /** The lines of a file without the white space at their ends, as {@code rstrip} takes it. */
    private static List<String> lines(Path file) {
        return text(file).lines().map(String::stripTrailing).toList();
    }

    private static List<String> values(Path file) {
        try {
            JsonNode object = new ObjectMapper().readTree(text(file));
            if (!object.isObject()) {
                throw new IllegalArgumentException(file + " must be a JSON object whose values are words, was "
                        + (object.isArray() ? "an array" : "another value"));
            }
            List<String> words = new ArrayList<>();
            object.forEach(word -> words.add(word.asText()));
            return words;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + " must be JSON, is not in line " + e.getLocation().getLineNr());
        }
    }

    private static String text(Path file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    file + " is missing; a folder of words holds " + ADJECTIVES + ", " + NOUNS + " and " + VERBS);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + " must be UTF-8, is not");
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " must be readable, is not");
        }
    }
}
