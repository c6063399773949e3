package resonance.evaluation.ruler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import resonance.evaluation.task.TaskDataException;

/**
 * What a folder has for RULER: words, prose, or both.
 *
 * <p>Words are {@value #ADJECTIVES}, {@value #NOUNS} and {@value #VERBS} with a word a line, as the package wonderwords has them,
 * and {@value #SUPPLY}, an object whose values are words, as RULER's repository has it. Prose is the {@code text} of
 * {@value #ESSAYS}, which RULER's script downloads; without that file the other {@code .txt} files in the order of their names,
 * up to the one that makes {@value #ENOUGH} characters.
 *
 * @param words empty if the folder has none of the three lists
 * @param prose empty if there is none
 */
record RulerFolder(Optional<RulerWords> words, Optional<String> prose) {
    private static final String ADJECTIVES = "adjectivelist.txt";
    private static final String NOUNS = "nounlist.txt";
    private static final String VERBS = "verblist.txt";
    private static final String SUPPLY = "english_words.json";
    private static final String ESSAYS = "PaulGrahamEssays.json";
    private static final int ENOUGH = 8_000_000;

    private static final Set<String> LISTS = Set.of(ADJECTIVES, NOUNS, VERBS);

    /**
     * Reads a folder.
     *
     * @throws TaskDataException if it has nothing for RULER, some of the lists but not all, or a damaged file
     */
    static RulerFolder read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new TaskDataException(folder + " must be a folder with words or prose, "
                    + (Files.exists(folder) ? "is none" : "was not found"));
        }
        RulerFolder read = new RulerFolder(words(folder), prose(folder));
        if (read.words.isEmpty() && read.prose.isEmpty()) {
            throw new TaskDataException(folder + " must hold prose as .txt files, or the words " + ADJECTIVES + ", "
                    + NOUNS + " and " + VERBS + ", holds neither");
        }
        return read;
    }

    private static Optional<RulerWords> words(Path folder) throws IOException {
        if (LISTS.stream().noneMatch(name -> Files.exists(folder.resolve(name)))) {
            return Optional.empty();
        }
        Path supply = folder.resolve(SUPPLY);
        List<String> adjectives = list(folder.resolve(ADJECTIVES));
        List<String> nouns = list(folder.resolve(NOUNS));
        List<String> verbs = list(folder.resolve(VERBS));
        return Optional.of(new RulerWords(adjectives, nouns, verbs, Files.exists(supply) ? supply(supply) : List.of()));
    }

    /** A word a line, without the white space behind it; at least one. */
    private static List<String> list(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new TaskDataException(file + " must stand beside the other lists of words, was not found");
        }
        List<String> words = text(file).lines().map(String::stripTrailing).toList();
        if (words.isEmpty()) {
            throw new TaskDataException(file + " must hold a word a line, is empty");
        }
        return words;
    }

    private static List<String> supply(Path file) throws IOException {
        List<String> words = new ArrayList<>();
        json(file).forEach(word -> words.add(word.asText()));
        return words;
    }

    private static Optional<String> prose(Path folder) throws IOException {
        Path essays = folder.resolve(ESSAYS);
        if (Files.exists(essays)) {
            JsonNode text = json(essays).path("text");
            if (!text.isTextual()) {
                throw new TaskDataException(essays + " must hold a text, named \"text\", holds none");
            }
            return Optional.of(text.textValue());
        }
        StringBuilder prose = new StringBuilder();
        for (Path file : texts(folder)) {
            prose.append(text(file)).append('\n');
            if (prose.length() >= ENOUGH) {
                break;
            }
        }
        return prose.toString().isBlank() ? Optional.empty() : Optional.of(prose.toString());
    }

    private static List<Path> texts(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".txt")
                            && !LISTS.contains(file.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    private static JsonNode json(Path file) throws IOException {
        try {
            JsonNode value = new JsonMapper().readTree(text(file));
            if (!value.isObject()) {
                throw new TaskDataException(file + " must be a JSON object, is none");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new TaskDataException(
                    file + ", line " + e.getLocation().getLineNr() + " must be JSON, is not; get the file anew", e);
        }
    }

    static String text(Path file) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TaskDataException(file + " must be UTF-8, is not; get it anew, or convert it with iconv", e);
        }
    }
}
