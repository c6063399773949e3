package resonance.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The files of a study's finished cells, and the checksum that each carries: what leads from a number back to its record. */
public final class RecordFiles {
    /** None are known. */
    public static final RecordFiles NONE = new RecordFiles(Map.of());

    /** By what their names end with, which a specification gives. */
    private final Map<String, RecordFile> files;

    /**
     * A cell's file.
     *
     * @param name in the study's folder, {@code cells/NAME.json}
     * @param sha256 what it says of itself: the SHA-256 (hex) of its own keys without blanks
     */
    public record RecordFile(String name, String sha256) {}

    private RecordFiles(Map<String, RecordFile> files) {
        this.files = Map.copyOf(files);
    }

    /**
     * Looks into a folder as it is now; of each record, only its checksum is read.
     *
     * @throws RecordFormatException if it holds no study
     */
    public static RecordFiles in(Path folder) throws IOException {
        Map<String, RecordFile> files = new HashMap<>();
        for (String name : StudyRecords.description(folder).cells()) {
            String inFolder = StudyFolder.CELLS + "/" + name + StudyFolder.ENDING;
            Path file = folder.resolve(inFolder);
            int hash = name.lastIndexOf("--");
            if (hash >= 0 && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    RecordJson.statedChecksum(file)
                            .ifPresent(sha256 -> files.put(name.substring(hash), new RecordFile(inFolder, sha256)));
                } catch (NoSuchFileException setAsideJustNow) {
                    // By the run that owns the folder; it will be made again.
                }
            }
        }
        return new RecordFiles(files);
    }

    /** The file of the cell with this specification; empty if it is not there, or says nothing of a checksum. */
    public Optional<RecordFile> of(CellSpecification specification) {
        return Optional.ofNullable(files.get(specification.hashInFileName()));
    }
}
