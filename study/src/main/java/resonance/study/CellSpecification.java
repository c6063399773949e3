package resonance.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a cell is: everything that can change its result, as a pure value. Two cells are the same work exactly if their
 * specifications are equal.
 *
 * <p>It names no build, machine or time: those belong to a {@link FinishedCell}.
 *
 * @param kind of study, for example {@code perplexity}
 * @param values every setting as text by name, in the order to show them
 */
public record CellSpecification(String kind, Map<String, String> values) {
    /** Characters of a hash in a file's name: 128 bits. */
    private static final int HASH_CHARACTERS = 32;

    /** Longest label in a file's name, so that the whole stays below the 255 bytes that file systems allow. */
    private static final int LONGEST_LABEL = 150;

    public CellSpecification {
        Objects.requireNonNull(kind, "kind must not be null");
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * The name that a cell's files have, without an ending: a label for people, and a hash of this specification.
     *
     * @param label what distinguishes the cell within its study; characters that are not safe in a file's name become "_"
     */
    public String fileName(String label) {
        String safe = label.replaceAll("[^A-Za-z0-9._-]", "_");
        return safe.substring(0, Math.min(LONGEST_LABEL, safe.length())) + hashInFileName();
    }

    /** What every file name of this specification ends with. */
    String hashInFileName() {
        StringBuilder text = new StringBuilder(kind).append('\n');
        // Lengths before the parts, so that no two specifications make one text.
        values.forEach((name, value) -> text.append(name.length())
                .append(' ')
                .append(value.length())
                .append('\n')
                .append(name)
                .append('=')
                .append(value)
                .append('\n'));
        return "--" + Sha256.of(text.toString()).substring(0, HASH_CHARACTERS);
    }
}
