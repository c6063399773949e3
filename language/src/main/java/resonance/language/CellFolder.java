package resonance.language;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import resonance.evaluation.Sha256;
import resonance.rope.Refusal;

/**
 * The finished cells of a measurement in a folder, one file each: {@code cells/LABEL--HASH.json}, where the hash is that of
 * everything that can change the cell. Cells of other settings may lie beside them and are left alone.
 *
 * @param <K> names a cell
 * @param <C> a finished cell
 */
final class CellFolder<K, C> {
    /** Characters of the hash in a file's name: 64 bits. */
    private static final int HASH_CHARACTERS = 16;

    /** Longest label in a file's name, so that the whole stays below the 255 bytes that file systems allow. */
    private static final int LONGEST_LABEL = 150;

    private final Path cells;
    private final Map<K, Path> files = new LinkedHashMap<>();
    private final Reader<C> reader;
    private final Writer<C> writer;

    /** Reads a cell's file. */
    interface Reader<C> {
        C read(Path file) throws IOException;
    }

    /** Writes a cell's file. */
    interface Writer<C> {
        void write(C cell, Path file) throws IOException;
    }

    CellFolder(Path folder, Reader<C> reader, Writer<C> writer) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw Refusal.of("output folder", "must be a folder", folder + " is a file")
                    .cure("choose another {output folder}");
        }
        this.cells = folder.resolve("cells");
        this.reader = reader;
        this.writer = writer;
        Files.createDirectories(cells);
    }

    /**
     * Adds a cell to the measurement.
     *
     * @param label its name for people who look into the folder
     * @param identity everything that can change its result, as text by name
     */
    void add(K key, String label, Map<String, String> identity) {
        StringBuilder text = new StringBuilder();
        identity.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        String hash =
                Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8)).substring(0, HASH_CHARACTERS);
        String safe = label.replaceAll("[^A-Za-z0-9._-]", "_");
        String shortened = safe.substring(0, Math.min(LONGEST_LABEL, safe.length()));
        files.put(key, cells.resolve(shortened + "--" + hash + ".json"));
    }

    /** Every cell of the measurement that is finished. */
    List<C> finished() throws IOException {
        List<C> finished = new ArrayList<>();
        for (K key : files.keySet()) {
            Optional<C> cell = finished(key);
            cell.ifPresent(finished::add);
        }
        return finished;
    }

    private Optional<C> finished(K key) throws IOException {
        Path file = file(key);
        return Files.exists(file) ? Optional.of(reader.read(file)) : Optional.empty();
    }

    /** Every cell of the measurement that is not finished, in the order in which they were added. */
    List<K> missing() {
        return files.keySet().stream().filter(key -> !Files.exists(file(key))).toList();
    }

    /** Keeps a finished cell. */
    void keep(K key, C cell) throws IOException {
        writer.write(cell, file(key));
    }

    private Path file(K key) {
        Path file = files.get(key);
        if (file == null) {
            throw Refusal.of("cell", "must be one of this measurement", "was " + key);
        }
        return file;
    }
}
