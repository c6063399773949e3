package resonance.posgen;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a folder of PosGen data holds: how it was made, and the hash of every file.
 *
 * @param splits the parameters, seed and data
 * @param format how the files are written
 * @param files the data files, in the order train, validation, test
 */
public record PosgenManifest(PosgenSplits splits, SequenceFormat format, List<DataFile> files) {

    /** The manifest's name in its folder. */
    public static final String FILE_NAME = "manifest.json";

    /** Changes whenever the same parameters would give other data. */
    private static final int VERSION = 1;

    public PosgenManifest {
        files = List.copyOf(files);
    }

    /**
     * One file of sequences.
     *
     * @param split train, validation or test
     * @param name the file's name in its folder
     * @param rows sequences in it
     * @param length tokens in each
     * @param bytes size of the file
     * @param sha256 hash of the file's bytes, 64 hexadecimal digits
     * @param dataHash {@link SequenceSet#dataHash()} of its sequences, the same for every format
     */
    public record DataFile(
            String split, String name, int rows, int length, long bytes, String sha256, String dataHash) {

        private String json() {
            return """
                        {"split": "%s", "file": "%s", "rows": %d, "length": %d, "bytes": %d,
                         "sha256": "%s",
                         "dataSha256": "%s"}""".formatted(split, name, rows, length, bytes, sha256, dataHash)
                    .indent(4)
                    .stripTrailing();
        }
    }

    /** The manifest as a JSON document with a line end; equal experiments give equal text. */
    public String json() {
        return files.stream()
                .map(DataFile::json)
                .collect(Collectors.joining(",\n", parameters(splits, format), "\n  ]\n}\n"));
    }

    /** The part of the document that says which experiment it is, up to the list of files. */
    static String parameters(PosgenSplits splits, SequenceFormat format) {
        String seed = splits.seed().isPresent() ? Long.toString(splits.seed().getAsLong()) : "null";
        return """
                {
                  "kind": "posgen-data",
                  "version": %d,
                  "task": "%s",
                %s  "seeds": "%s",
                  "seed": %s,
                  "format": "%s",
                  "trainRows": %d,
                  "validationRows": %d,
                  "testRows": %d,
                  "trainLength": %d,
                  "testLength": %d,
                  "files": [
                """.formatted(
                        VERSION,
                        splits.task().commandName(),
                        settings(splits.task()),
                        splits.seed().isPresent() ? "drawn" : "authors",
                        seed,
                        format.commandName(),
                        splits.train().rows(),
                        splits.validation().rows(),
                        splits.test().rows(),
                        splits.train().length(),
                        splits.test().length());
    }

    private static String settings(BenchmarkTask task) {
        return task.settings().entrySet().stream()
                .map(setting -> "  \"" + setting.getKey() + "\": " + literal(setting.getValue()) + ",\n")
                .collect(Collectors.joining());
    }

    private static String literal(Object value) {
        return value instanceof Number ? value.toString() : "\"" + value + "\"";
    }
}
