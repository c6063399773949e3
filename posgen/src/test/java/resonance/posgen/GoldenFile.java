package resonance.posgen;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Reads the comma-separated golden files, which {@code golden/generate.py} makes. */
final class GoldenFile {

    private GoldenFile() {}

    /** The cells of every line but the first. */
    static Stream<List<String>> rows(String name) {
        try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
            if (in == null) {
                throw new IllegalStateException("golden/" + name + " must be among the test resources");
            }
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.stream().skip(1).map(line -> List.of(line.split(",")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
