package resonance.serving.lint;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an engine knows: a name and some words on each line of a file beside this class, which a script beside the tests
 * wrote from the engine itself.
 */
final class EngineTable {
    private static final String COMMENT = "#";

    private final Map<String, List<String>> words;

    private EngineTable(Map<String, List<String>> words) {
        this.words = words;
    }

    /** Reads the file of an engine's name. */
    static EngineTable of(Engine engine) {
        String file = engine.label() + ".txt";
        try (InputStream in = EngineTable.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(
                        file + " must be beside " + EngineTable.class.getName() + ", was absent");
            }
            return new EngineTable(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.startsWith(COMMENT))
                    .map(line -> Arrays.asList(line.split(" ", -1)))
                    .collect(Collectors.toMap(line -> line.get(0), line -> line.subList(1, line.size()))));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The words behind a name; empty if the engine does not know it. */
    Optional<List<String>> find(String name) {
        return Optional.ofNullable(words.get(name));
    }
}
